# Targets:
#   slipway   only the two programs, for the COPY --from of another image
#   backend   the default: the example backend, with slipway as its entrypoint

FROM debian:bookworm-slim AS build
WORKDIR /slipway
# Packages and libpq are a layer of their own, which is rebuilt only if one of these files changes.
COPY dev ./
COPY packaging/static-libpq packaging/
RUN ./dev portable_parts
COPY packaging packaging
COPY CMakeLists.txt CMakePresets.json LICENSE ./
COPY cmake cmake
COPY src src
COPY entrypoint entrypoint
RUN ./dev portable

FROM scratch AS slipway
COPY --from=build /slipway/build/portable/bin/slipway /slipway/build/portable/bin/slipway-init /

FROM debian:bookworm-slim AS backend
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
      python3-fastapi python3-uvicorn python3-asyncpg python3-jinja2 \
 && apt-get clean \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin app
WORKDIR /app
ENV PYTHONDONTWRITEBYTECODE=1
COPY --from=slipway /slipway /slipway-init /usr/local/bin/
COPY migrations migrations
COPY examples/backend ./
USER app
EXPOSE 8000
HEALTHCHECK --interval=5s --timeout=15s --start-period=60s CMD ["slipway", "health"]
ENTRYPOINT ["slipway", "run", "--"]
CMD ["python3", "-m", "uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"]
