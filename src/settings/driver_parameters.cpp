#include "settings/driver_parameters.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace slipway {
namespace {

using enum Treatment;
using Row = DriverParameters;

constexpr std::string_view own_url =
    "leave it out, or set MIGRATION_DATABASE_URL to a separate URL for slipway; sslmode=verify-full and "
    "channel_binding=require protect the password from a false server";
constexpr std::string_view password_hint =
    "set MIGRATION_DATABASE_URL to a separate URL for slipway that has a password";

constexpr std::array parameter_rows{
    // Where to connect: server, database and user.
    Row{"database", "several drivers", renamed, "dbname"},
    Row{"username", "several drivers", renamed, "user"},
    Row{"socket socket_dir", "dbmate and Ecto", renamed, "host"},
    Row{"unix_sock", "pg8000", renamed, "host"},
    Row{"targetServerType", "JDBC", target_server},
    Row{"applicationName", "JDBC", renamed, "application_name"},
    Row{"keepalives_retries", "tokio-postgres", renamed, "keepalives_count"},
    Row{"kerberosServerName", "JDBC", renamed, "krbsrvname"},
    Row{"gssEncMode", "JDBC", renamed, "gssencmode"},
    Row{.names = "socketFactory cloudSqlInstance",
        .owner = "JDBC",
        .treatment = refused,
        .reason = "it names a Java class that makes the connection, and slipway can't run Java",
        .hint = "set MIGRATION_DATABASE_URL to a separate URL for slipway, such as "
                "postgresql://user@/database?host=/cloudsql/project:region:instance"},
    Row{.names = "servicefile",
        .owner = "a later libpq",
        .treatment = refused,
        .reason = "it needs a later version of libpq",
        .hint = "name the file in PGSERVICEFILE"},

    // Security: TLS and authentication.
    Row{"ssl", "asyncpg and others", ssl},
    Row{"ssl-mode", "sqlx", renamed, "sslmode"},
    Row{"ssl-root-cert ssl-ca", "sqlx", renamed, "sslrootcert"},
    Row{"ssl-cert", "sqlx", renamed, "sslcert"},
    Row{"ssl-key", "sqlx", renamed, "sslkey"},
    Row{"sslaccept", "Prisma", certificate_check},
    Row{"sslidentity", "Prisma"},
    Row{"sslfactory", "JDBC", socket_factory},
    Row{"sslfactoryarg sslhostnameverifier sslpasswordcallback sslResponseTimeout pemKeyAlgorithm", "JDBC"},
    Row{"ssl_context ssl_require ssl_opts direct_tls uselibpqcompat", "several drivers"},
    Row{"channelBinding", "JDBC", renamed, "channel_binding"},
    Row{"enableChannelBinding", "node-postgres"},
    Row{.names = "require_auth requireAuth",
        .owner = "a later libpq",
        .treatment = refused,
        .reason = "it needs a later version of libpq",
        .hint = own_url},
    Row{.names = "sslcertmode",
        .owner = "a later libpq",
        .treatment = refused,
        .reason = "it needs a later version of libpq",
        .hint = own_url,
        .harmless = "allow disable"},
    Row{.names = "scram_client_key scram_server_key",
        .owner = "a later libpq",
        .treatment = refused,
        .reason = "slipway's libpq can't log in with it",
        .hint = password_hint},
    Row{.names = "oauth_issuer oauth_client_id oauth_client_secret oauth_scope",
        .owner = "a later libpq",
        .treatment = refused,
        .reason = "slipway's libpq can't log in with it",
        .hint = password_hint},
    Row{.names = "sslinline",
        .owner = "lib/pq",
        .treatment = refused,
        .reason = "slipway reads certificates only from files",
        .hint = "name files in sslcert, sslkey and sslrootcert",
        .harmless = "false"},
    // Leaving these out does not reduce security.
    Row{"sslnegotiation load_balance_hosts gssdelegation min_protocol_version max_protocol_version sslkeylogfile",
        "a later libpq"},

    // Settings that can change the meaning of a migration: many drivers send an unknown name to the server.
    Row{"schema", "Prisma and others", schema},
    Row{"search_path schema_search_path currentSchema search-path searchPath", "several drivers", server_setting,
        "search_path"},
    Row{"assume_role", "Django", server_setting, "role"},
    Row{"timezone time_zone", "several drivers", server_setting, "timezone"},
    Row{"role row_security session_replication_role datestyle intervalstyle bytea_output extra_float_digits "
        "array_nulls xmlbinary xmloption standard_conforming_strings backslash_quote escape_string_warning "
        "default_tablespace temp_tablespaces default_table_access_method default_toast_compression "
        "default_text_search_config check_function_bodies quote_all_identifiers lc_messages lc_monetary lc_numeric "
        "lc_time client_min_messages synchronous_commit work_mem maintenance_work_mem temp_buffers jit geqo "
        "plan_cache_mode constraint_exclusion random_page_cost seq_page_cost effective_cache_size "
        "max_parallel_workers_per_gather max_parallel_maintenance_workers",
        "several drivers", server_setting},
    // Limits of the application: slipway uses its own settings instead.
    Row{"statement_timeout lock_timeout idle_in_transaction_session_timeout transaction_timeout idle_session_timeout "
        "default_transaction_read_only default_transaction_isolation default_transaction_deferrable",
        "the application"},
    // Migrations are UTF-8.
    Row{"encoding charset clientEncoding allowEncodingChanges", "the application"},

    // Parameters that only concern the application.
    Row{"timeout command_timeout statement_cache_size max_cached_statement_lifetime max_cacheable_statement_size "
        "server_settings record_class connection_class min_size max_size minsize maxsize max_queries "
        "max_inactive_connection_lifetime",
        "asyncpg"},
    Row{"connection_factory cursor_factory prepare_threshold autocommit row_factory", "psycopg"},
    Row{"source_address tcp_keepalive startup_params", "pg8000"},
    Row{"prepared_statement_cache_size prepared_statement_name_func async_fallback async_creator_fn use_native_unicode "
        "use_native_hstore executemany_mode executemany_batch_page_size executemany_values_page_size "
        "use_insertmanyvalues native_inet_types isolation_level echo echo_pool max_overflow pool_size pool_recycle "
        "pool_pre_ping pool_timeout pool_use_lifo pool_reset_on_return plugin",
        "SQLAlchemy"},
    Row{"conn_max_age conn_health_checks atomic_requests disable_server_side_cursors server_side_binding engine",
        "Django"},
    Row{"connection_limit socket_timeout pgbouncer single_use_connections max_connection_lifetime "
        "max_idle_connection_lifetime",
        "Prisma"},
    Row{"supa pool_mode workaround", "Supabase"},
    Row{"query_timeout max min idleTimeoutMillis connectionTimeoutMillis keepAlive keepAliveInitialDelayMillis binary "
        "allowExitOnIdle maxUses maxLifetimeSeconds poolSize acquireTimeoutMillis logging dialect native",
        "node-postgres"},
    Row{"max_lifetime prepare fetch_types backoff keep_alive max_pipeline publications debug transform", "postgres.js"},
    Row{"pool_max_conns pool_min_conns pool_min_idle_conns pool_max_conn_lifetime pool_max_conn_lifetime_jitter "
        "pool_max_conn_idle_time pool_health_check_period pool_ping_timeout default_query_exec_mode "
        "statement_cache_capacity description_cache_capacity statement_cache_mode prefer_simple_protocol "
        "min_read_buffer_size krbspn",
        "pgx"},
    Row{"binary_parameters disable_prepared_binary_result", "lib/pq"},
    Row{"x-migrations-table x-migrations-table-quoted x-statement-timeout x-multi-statement x-multi-statement-max-size "
        "x-lock-strategy x-lock-table x-advisory-lock-timeout-interval",
        "golang-migrate"},
    Row{"statement-cache-capacity sqlx_logging", "sqlx"},
    Row{"pool max_connections min_connections adapter prepared_statements statement_limit advisory_locks "
        "reaping_frequency checkout_timeout idle_timeout reconnect min_messages insert_returning connection_retries "
        "retry_deadline pool_jitter max_age keepalive max_queue min_threads max_threads query_cache database_tasks "
        "replica migrations_paths schema_dump schema_format use_metadata_table variables postgis_extension "
        "postgis_schema su_username su_password",
        "Rails"},
    Row{"idle_interval queue_target queue_interval pool_count ownership_timeout socket_options "
        "show_sensitive_data_on_connection_error",
        "Ecto"},
    Row{"serverVersion server_version driver driverClass persistent memory default_dbname dbname_suffix keepReplica "
        "wrapperClass prefix prefix_indexes strict collation sticky url",
        "Doctrine and Laravel"},
    Row{"adaptiveFetch adaptiveFetchMaximum adaptiveFetchMinimum assumeMinServerVersion authenticationPluginClassName "
        "autosave binaryTransfer binaryTransferDisable binaryTransferEnable cancelSignalTimeout cleanupSavepoints "
        "connectTimeout databaseMetadataCacheFields databaseMetadataCacheFieldsMiB defaultRowFetchSize "
        "disableColumnSanitiser escapeSyntaxCallMode groupStartupParameters gssResponseTimeout gssUseDefaultCreds "
        "hideUnprivilegedObjects hostRecheckSeconds jaasApplicationName jaasLogin loadBalanceHosts localSocketAddress "
        "loggerFile loggerLevel loginTimeout logServerErrorDetail logUnclosedConnections maxResultBuffer "
        "maxSendBufferSize preferQueryMode preparedStatementCacheQueries preparedStatementCacheSizeMiB "
        "prepareThreshold protocolVersion queryTimeout quoteReturningIdentifiers readOnly readOnlyMode "
        "receiveBufferSize reWriteBatchedInserts sendBufferSize socketFactoryArg socketTimeout sspiServiceClass "
        "stringtype tcpKeepAlive tcpNoDelay unknownLength useSpnego xmlFactoryFactory wrapperPlugins "
        "autodetectExtensions compatibilityMode fetchSize forceBinary lockWaitTimeout statementTimeout "
        "noticeLogLevel preferAttachedBatches failover hostRecheckTime initialSize maxSize",
        "JDBC and R2DBC"},
};

// Whether a blank-separated list has the word, in any case.
bool has_word(std::string_view list, std::string_view word) noexcept {
  while (!list.empty()) {
    const auto blank = std::min(list.find(' '), list.size());
    if (equal_ignoring_case(list.substr(0, blank), word)) return true;
    list.remove_prefix(std::min(blank + 1, list.size()));
  }
  return false;
}

}  // namespace

std::span<const DriverParameters> driver_parameters() noexcept {
  return parameter_rows;
}

const DriverParameters* driver_parameter(std::string_view name) noexcept {
  const auto* found =
      std::ranges::find_if(parameter_rows, [name](const Row& row) { return has_word(row.names, name); });
  return found == parameter_rows.end() ? nullptr : found;
}

bool is_harmless(const DriverParameters& row, std::string_view value) noexcept {
  return has_word(row.harmless, value);
}

std::vector<std::string> driver_parameter_names() {
  std::vector<std::string> names;
  for (const Row& row : parameter_rows) {
    std::string_view rest = row.names;
    while (!rest.empty()) {
      const auto blank = std::min(rest.find(' '), rest.size());
      names.emplace_back(rest.substr(0, blank));
      rest.remove_prefix(std::min(blank + 1, rest.size()));
    }
  }
  return names;
}

}  // namespace slipway
