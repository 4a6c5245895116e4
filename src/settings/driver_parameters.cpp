#include "settings/driver_parameters.h"

#include <algorithm>
#include <array>

namespace slipway {
namespace {

using enum Treatment;

constexpr std::array parameters{
    DriverParameter{"ssl", "asyncpg and others", ssl_to_sslmode},
    DriverParameter{"direct_tls", "asyncpg"},
    DriverParameter{"database", "asyncpg and others", renamed, "dbname"},
    DriverParameter{"username", "several drivers", renamed, "user"},
    DriverParameter{"timeout", "asyncpg and pg8000"},
    DriverParameter{"command_timeout", "asyncpg"},
    DriverParameter{"statement_cache_size", "asyncpg and Prisma"},
    DriverParameter{"max_cached_statement_lifetime", "asyncpg"},
    DriverParameter{"max_cacheable_statement_size", "asyncpg"},
    DriverParameter{"server_settings", "asyncpg"},
    DriverParameter{"prepared_statement_cache_size", "SQLAlchemy's asyncpg dialect"},
    DriverParameter{"prepared_statement_name_func", "SQLAlchemy's asyncpg dialect"},
    DriverParameter{"async_fallback", "SQLAlchemy's asyncpg dialect"},
    DriverParameter{"async_creator_fn", "SQLAlchemy's asyncpg dialect"},
    DriverParameter{"use_native_unicode", "SQLAlchemy's psycopg2 dialect"},
    DriverParameter{"use_native_hstore", "SQLAlchemy's psycopg2 dialect"},
    DriverParameter{"executemany_mode", "SQLAlchemy's psycopg2 dialect"},
    DriverParameter{"executemany_batch_page_size", "SQLAlchemy's psycopg2 dialect"},
    DriverParameter{"executemany_values_page_size", "SQLAlchemy's psycopg2 dialect"},
    DriverParameter{"connection_factory", "psycopg2"},
    DriverParameter{"cursor_factory", "psycopg"},
    DriverParameter{"prepare_threshold", "psycopg"},
    DriverParameter{"autocommit", "psycopg"},
    DriverParameter{"row_factory", "psycopg"},
    DriverParameter{"unix_sock", "pg8000", socket_file},
    DriverParameter{"ssl_context", "pg8000"},
    DriverParameter{"source_address", "pg8000"},
    DriverParameter{"tcp_keepalive", "pg8000"},
    DriverParameter{"startup_params", "pg8000"},
    DriverParameter{"schema", "Prisma"},
    DriverParameter{"connection_limit", "Prisma"},
    DriverParameter{"pool_timeout", "Prisma and SQLAlchemy"},
    DriverParameter{"socket_timeout", "Prisma"},
    DriverParameter{"pgbouncer", "Prisma"},
    DriverParameter{"sslidentity", "Prisma"},
    DriverParameter{"sslaccept", "Prisma"},
    DriverParameter{"single_use_connections", "Prisma"},
    DriverParameter{"max_connection_lifetime", "Prisma"},
    DriverParameter{"max_idle_connection_lifetime", "Prisma"},
    DriverParameter{"supa", "Supabase"},
    DriverParameter{"pool_mode", "Supabase"},
    DriverParameter{"workaround", "Supabase"},
    DriverParameter{"pool_max_conns", "pgx"},
    DriverParameter{"pool_min_conns", "pgx"},
    DriverParameter{"pool_min_idle_conns", "pgx"},
    DriverParameter{"pool_max_conn_lifetime", "pgx"},
    DriverParameter{"pool_max_conn_lifetime_jitter", "pgx"},
    DriverParameter{"pool_max_conn_idle_time", "pgx"},
    DriverParameter{"pool_health_check_period", "pgx"},
    DriverParameter{"default_query_exec_mode", "pgx"},
    DriverParameter{"statement_cache_capacity", "pgx"},
    DriverParameter{"description_cache_capacity", "pgx"},
    DriverParameter{"statement_cache_mode", "pgx"},
    DriverParameter{"prefer_simple_protocol", "pgx"},
    DriverParameter{"binary_parameters", "lib/pq"},
    DriverParameter{"disable_prepared_binary_result", "lib/pq"},
    DriverParameter{"x-migrations-table", "golang-migrate"},
    DriverParameter{"x-migrations-table-quoted", "golang-migrate"},
    DriverParameter{"x-statement-timeout", "golang-migrate"},
    DriverParameter{"x-multi-statement", "golang-migrate"},
    DriverParameter{"x-multi-statement-max-size", "golang-migrate"},
    DriverParameter{"x-lock-strategy", "golang-migrate"},
    DriverParameter{"x-lock-table", "golang-migrate"},
    DriverParameter{"ssl-mode", "sqlx", renamed, "sslmode"},
    DriverParameter{"ssl-root-cert", "sqlx", renamed, "sslrootcert"},
    DriverParameter{"ssl-ca", "sqlx", renamed, "sslrootcert"},
    DriverParameter{"ssl-cert", "sqlx", renamed, "sslcert"},
    DriverParameter{"ssl-key", "sqlx", renamed, "sslkey"},
    DriverParameter{"statement-cache-capacity", "sqlx"},
    DriverParameter{"keepalives_retries", "tokio-postgres", renamed, "keepalives_count"},
    DriverParameter{"pool", "Rails"},
    DriverParameter{"max_connections", "Rails and others"},
    DriverParameter{"adapter", "Rails"},
    DriverParameter{"encoding", "Rails", renamed, "client_encoding"},
    DriverParameter{"prepared_statements", "Rails"},
    DriverParameter{"statement_limit", "Rails"},
    DriverParameter{"advisory_locks", "Rails"},
    DriverParameter{"reaping_frequency", "Rails"},
    DriverParameter{"checkout_timeout", "Rails"},
    DriverParameter{"idle_timeout", "Rails"},
    DriverParameter{"reconnect", "Rails"},
    DriverParameter{"min_messages", "Rails"},
    DriverParameter{"schema_search_path", "Rails", server_setting, "search_path"},
    DriverParameter{"uselibpqcompat", "node-postgres"},
    DriverParameter{"query_timeout", "node-postgres"},
    DriverParameter{"max", "node-postgres"},
    DriverParameter{"min", "node-postgres"},
    DriverParameter{"idleTimeoutMillis", "node-postgres"},
    DriverParameter{"connectionTimeoutMillis", "node-postgres"},
    DriverParameter{"keepAlive", "node-postgres"},
    DriverParameter{"ssl_require", "dj-database-url"},
    DriverParameter{"conn_max_age", "dj-database-url"},
    DriverParameter{"conn_health_checks", "dj-database-url"},
    DriverParameter{"pool_size", "Ecto and SQLAlchemy"},
    DriverParameter{"max_overflow", "SQLAlchemy"},
    DriverParameter{"pool_recycle", "SQLAlchemy"},
    DriverParameter{"pool_pre_ping", "SQLAlchemy"},
    DriverParameter{"echo", "SQLAlchemy"},
    // The application's own limits: slipway's settings take their place.
    DriverParameter{"statement_timeout", "the application"},
    DriverParameter{"lock_timeout", "the application"},
    DriverParameter{"idle_in_transaction_session_timeout", "the application"},
    // Several drivers send unknown names to the server; these decide what a migration means.
    DriverParameter{"search_path", "several drivers", server_setting, "search_path"},
    DriverParameter{"timezone", "several drivers", server_setting, "timezone"},
    DriverParameter{"TimeZone", "several drivers", server_setting, "timezone"},
    // libpq's of a later version, harmless to leave out.
    DriverParameter{"load_balance_hosts", "a later libpq"},
    DriverParameter{"sslcertmode", "a later libpq"},
    DriverParameter{"sslnegotiation", "a later libpq"},
    DriverParameter{"gssdelegation", "a later libpq"},
};

}  // namespace

std::span<const DriverParameter> driver_parameters() noexcept {
  return parameters;
}

const DriverParameter* driver_parameter(std::string_view name) noexcept {
  const auto* found = std::ranges::find(parameters, name, &DriverParameter::name);
  return found == parameters.end() ? nullptr : found;
}

}  // namespace slipway
