# Targets:
#   slipway   the two programs and nothing else, for another image's COPY --from
#   backend   the example backend with slipway as its entrypoint (the default)

FROM debian:bookworm-slim AS build
WORKDIR /slipway
# Packages and libpq: a layer that lasts until one of these changes.
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
