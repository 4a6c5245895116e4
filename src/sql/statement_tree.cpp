#include "sql/statement_tree.h"

#include <algorithm>
#include <cstdint>
#include <new>
#include <utility>

#include <pg_query.h>
#include <pg_query/pg_query.pb-c.h>

#include "base/text.h"

namespace slipway {
namespace {

using Node = PgQuery__Node;
using Nodes = std::span<Node* const>;

constexpr std::string_view temporary_schema = "pg_temp";

// protobuf-c has "" for a string that is missing, or null in a message that was not filled.
std::string_view text_of(const char* text) {
  return text == nullptr ? std::string_view{} : std::string_view{text};
}

StatementRule refused_in_transaction(std::string_view name) {
  return {.kind = StatementKind::outside_transaction, .name = name};
}

StatementRule repeatable_if(bool is_repeatable) {
  return {.repeatability = is_repeatable ? Repeatability::repeatable : Repeatability::once};
}

// The value of an option, as defGetBoolean() of PostgreSQL has it: an option without a value is on.
bool is_on(const PgQuery__DefElem& option) {
  if (option.arg == nullptr) return true;
  std::string_view word;
  switch (option.arg->node_case) {
    case PG_QUERY__NODE__NODE_INTEGER:
      return option.arg->integer->ival != 0;
    case PG_QUERY__NODE__NODE_BOOLEAN:
      return option.arg->boolean->boolval != 0;
    case PG_QUERY__NODE__NODE_STRING:
      word = text_of(option.arg->string->sval);
      break;
    case PG_QUERY__NODE__NODE_TYPE_NAME:  // `off` is read as a type where a type may stand
      if (option.arg->type_name->n_names == 1) word = text_of(option.arg->type_name->names[0]->string->sval);
      break;
    default:
      break;
  }
  return !equal_ignoring_case(word, "off") && !equal_ignoring_case(word, "false");
}

// Whether the last of the options with that name is on; nothing if there is none.
std::optional<bool> value_of(Nodes options, std::string_view name) {
  std::optional<bool> value;
  for (const Node* option : options)
    if (option->node_case == PG_QUERY__NODE__NODE_DEF_ELEM && text_of(option->def_elem->defname) == name)
      value = is_on(*option->def_elem);
  return value;
}

// A field whose type only protobuf-c's description of the message tells.
template <typename Value>
Value value_at(const ProtobufCMessage& message, unsigned offset) {
  return *reinterpret_cast<const Value*>(reinterpret_cast<const char*>(&message) + offset);
}

// A field of a statement that most kinds of CREATE or DROP have; false for a kind without it.
bool flag(const ProtobufCMessage& statement, const char* name) {
  const ProtobufCFieldDescriptor* field = protobuf_c_message_descriptor_get_field_by_name(statement.descriptor, name);
  if (field == nullptr || field->type != PROTOBUF_C_TYPE_BOOL) return false;
  return value_at<protobuf_c_boolean>(statement, field->offset) != 0;
}

// Calls `visit` with the message and all those below it.
template <typename Visit>
void walk(const ProtobufCMessage& message, const Visit& visit) {
  visit(message);
  for (const ProtobufCFieldDescriptor& field : std::span{message.descriptor->fields, message.descriptor->n_fields}) {
    if (field.type != PROTOBUF_C_TYPE_MESSAGE) continue;
    if (field.label == PROTOBUF_C_LABEL_REPEATED) {
      const auto count = value_at<std::size_t>(message, field.quantifier_offset);
      for (const ProtobufCMessage* each : std::span{value_at<ProtobufCMessage* const*>(message, field.offset), count})
        walk(*each, visit);
      continue;
    }
    const bool is_one_of_several = (field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
    if (is_one_of_several && value_at<std::uint32_t>(message, field.quantifier_offset) != field.id) continue;
    if (const auto* const each = value_at<const ProtobufCMessage*>(message, field.offset)) walk(*each, visit);
  }
}

bool is_constant_true(const Node& node) {
  if (node.node_case == PG_QUERY__NODE__NODE_TYPE_CAST && node.type_cast->arg != nullptr)
    return is_constant_true(*node.type_cast->arg);
  return node.node_case == PG_QUERY__NODE__NODE_A_CONST && node.a_const->val_case == PG_QUERY__A__CONST__VAL_BOOLVAL &&
         node.a_const->boolval->boolval != 0;
}

// Whether the function call sets a setting for the whole session.
bool sets_for_session(const PgQuery__FuncCall& call) {
  const Nodes name{call.funcname, call.n_funcname};
  if (name.empty() || text_of(name.back()->string->sval) != "set_config") return false;
  return call.n_args != 3 || !is_constant_true(*call.args[2]);
}

bool sets_for_session(const ProtobufCMessage& statement) {
  bool sets = false;
  walk(statement, [&](const ProtobufCMessage& message) {
    if (message.descriptor == &pg_query__func_call__descriptor &&
        sets_for_session(reinterpret_cast<const PgQuery__FuncCall&>(message)))
      sets = true;
  });
  return sets;
}

SessionEffect effect_of(const PgQuery__RangeVar* created) {
  const bool is_temporary = created != nullptr && (text_of(created->relpersistence) == "t" ||
                                                   text_of(created->schemaname) == temporary_schema);
  return is_temporary ? SessionEffect::objects : SessionEffect::none;
}

SessionEffect effect_of(const PgQuery__RangeVar* created, PgQuery__OnCommitAction at_commit) {
  return at_commit == PG_QUERY__ON_COMMIT_ACTION__ONCOMMIT_DROP ? SessionEffect::none : effect_of(created);
}

SessionEffect effect_of(const PgQuery__IntoClause* into) {
  return into == nullptr ? SessionEffect::none : effect_of(into->rel, into->on_commit);
}

SessionEffect effect_of(const PgQuery__SelectStmt& select) {
  const PgQuery__SelectStmt* first = &select;
  while (first->larg != nullptr)
    first = first->larg;
  if (const SessionEffect effect = effect_of(first->into_clause); effect != SessionEffect::none) return effect;
  return sets_for_session(select.base) ? SessionEffect::settings : SessionEffect::none;
}

SessionEffect effect_of_created(const Node& node) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      return effect_of(node.create_stmt->relation, node.create_stmt->oncommit);
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT:
      return effect_of(node.create_table_as_stmt->into);
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT:
      return effect_of(node.create_seq_stmt->sequence);
    case PG_QUERY__NODE__NODE_VIEW_STMT:
      return effect_of(node.view_stmt->view);
    case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT:
      return effect_of(node.composite_type_stmt->typevar);
    case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT: {
      const Nodes name{node.create_function_stmt->funcname, node.create_function_stmt->n_funcname};
      const bool is_temporary = name.size() > 1 && text_of(name.front()->string->sval) == temporary_schema;
      return is_temporary ? SessionEffect::objects : SessionEffect::none;
    }
    default:
      return SessionEffect::none;
  }
}

StatementRule rule_of(const PgQuery__TransactionStmt& statement) {
  constexpr StatementKind control = StatementKind::transaction_control;
  switch (statement.kind) {
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_SAVEPOINT:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_RELEASE:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_TO:
      return {};
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_PREPARE:
      return {.kind = control, .name = "PREPARE TRANSACTION"};
    default:
      return {.kind = control, .name = "ROLLBACK"};
  }
}

StatementRule rule_of(const PgQuery__IndexStmt& statement) {
  if (statement.concurrent == 0) return repeatable_if(statement.if_not_exists != 0);
  StatementRule rule =
      refused_in_transaction(statement.unique != 0 ? "CREATE UNIQUE INDEX CONCURRENTLY" : "CREATE INDEX CONCURRENTLY");
  rule.repeatability = Repeatability::index_build;
  return rule;
}

StatementRule rule_of(const PgQuery__DropStmt& statement) {
  StatementRule rule = repeatable_if(statement.missing_ok != 0);
  if (statement.concurrent == 0) return rule;
  rule.kind = StatementKind::outside_transaction;
  rule.name = "DROP INDEX CONCURRENTLY";
  return rule;
}

StatementRule rule_of(const PgQuery__ReindexStmt& statement) {
  StatementRule rule = repeatable_if(true);
  if (value_of({statement.params, statement.n_params}, "concurrently").value_or(false)) {
    rule = refused_in_transaction("REINDEX CONCURRENTLY");
    rule.repeatability = Repeatability::index_rebuild;
    return rule;
  }
  if (statement.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_DATABASE)
    rule = refused_in_transaction("REINDEX DATABASE");
  if (statement.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SCHEMA)
    rule = refused_in_transaction("REINDEX SCHEMA");
  if (statement.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SYSTEM)
    rule = refused_in_transaction("REINDEX SYSTEM");
  rule.repeatability = Repeatability::repeatable;
  return rule;
}

StatementRule rule_of(const PgQuery__ClusterStmt& statement) {
  StatementRule rule =
      statement.relation == nullptr ? refused_in_transaction("CLUSTER without a table") : StatementRule{};
  rule.repeatability = Repeatability::repeatable;
  return rule;
}

StatementRule rule_of(const PgQuery__AlterTableStmt& statement) {
  const Nodes commands{statement.cmds, statement.n_cmds};
  StatementRule rule = repeatable_if(std::ranges::all_of(commands, [](const Node* command) {
    const PgQuery__AlterTableType type = command->alter_table_cmd->subtype;
    return type == PG_QUERY__ALTER_TABLE_TYPE__AT_ValidateConstraint ||
           type == PG_QUERY__ALTER_TABLE_TYPE__AT_SetNotNull;
  }));
  const bool detaches_concurrently = std::ranges::any_of(commands, [](const Node* command) {
    const Node* partition = command->alter_table_cmd->def;
    return partition != nullptr && partition->node_case == PG_QUERY__NODE__NODE_PARTITION_CMD &&
           partition->partition_cmd->concurrent != 0;
  });
  if (!detaches_concurrently) return rule;
  rule.kind = StatementKind::outside_transaction;
  rule.name = "DETACH PARTITION CONCURRENTLY";
  return rule;
}

// The server makes a slot, for which it needs to be outside a transaction, unless it is told not to.
StatementRule rule_of(const PgQuery__CreateSubscriptionStmt& statement) {
  const Nodes options{statement.options, statement.n_options};
  const bool creates_slot = value_of(options, "create_slot").value_or(value_of(options, "connect").value_or(true));
  return creates_slot ? refused_in_transaction("CREATE SUBSCRIPTION") : StatementRule{};
}

StatementRule rule_of(const PgQuery__AlterSubscriptionStmt& statement) {
  switch (statement.kind) {
    case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_REFRESH:
      return refused_in_transaction("ALTER SUBSCRIPTION … REFRESH PUBLICATION");
    case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_SET_PUBLICATION:
    case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_ADD_PUBLICATION:
    case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_DROP_PUBLICATION:
      if (value_of({statement.options, statement.n_options}, "refresh").value_or(true))
        return refused_in_transaction("ALTER SUBSCRIPTION … PUBLICATION");
      return {};
    default:
      return {};
  }
}

StatementRule rule_of(const PgQuery__VariableSetStmt& statement) {
  // SET TRANSACTION and SET TRANSACTION SNAPSHOT, but not SET SESSION CHARACTERISTICS.
  const bool is_of_transaction = statement.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_MULTI &&
                                 text_of(statement.name).starts_with("TRANSACTION");
  return {
      .repeatability = Repeatability::repeatable,
      .session_effect = statement.is_local != 0 || is_of_transaction ? SessionEffect::none : SessionEffect::settings};
}

// Of the statements that are written with OR REPLACE or IF NOT EXISTS, and with IF EXISTS if they drop something.
StatementRule rule_of_others(const Node& node) {
  const auto& statement = reinterpret_cast<const ProtobufCMessage&>(*node.create_stmt);
  const bool drops = std::string_view{statement.descriptor->short_name}.starts_with("Drop");
  StatementRule rule = repeatable_if(flag(statement, "replace") || flag(statement, "if_not_exists") ||
                                     (drops && flag(statement, "missing_ok")));
  rule.session_effect = effect_of_created(node);
  return rule;
}

StatementRule with_kind_of(StatementRule rule, const StatementRule& other) {
  rule.kind = other.kind;
  rule.name = other.name;
  return rule;
}

}  // namespace

std::optional<StatementTree> StatementTree::of(const std::string& sql, std::size_t tokens) {
  if (tokens > most_tokens) return std::nullopt;
  const std::unique_ptr<PgQueryProtobufParseResult, void (*)(PgQueryProtobufParseResult*)> result{
      new PgQueryProtobufParseResult(pg_query_parse_protobuf(sql.c_str())), [](PgQueryProtobufParseResult* held) {
        pg_query_free_protobuf_parse_result(*held);
        delete held;
      }};
  if (result->error != nullptr) return std::nullopt;
  Held unpacked{pg_query__parse_result__unpack(nullptr, result->parse_tree.len,
                                               reinterpret_cast<const std::uint8_t*>(result->parse_tree.data)),
                [](PgQuery__ParseResult* held) { pg_query__parse_result__free_unpacked(held, nullptr); }};
  if (!unpacked) throw std::bad_alloc{};
  if (unpacked->n_stmts != 1 || unpacked->stmts[0]->stmt == nullptr ||
      unpacked->stmts[0]->stmt->node_case == PG_QUERY__NODE__NODE__NOT_SET)
    return std::nullopt;
  return StatementTree{std::move(unpacked)};
}

const PgQuery__Node& StatementTree::statement() const noexcept {
  return *result_->stmts[0]->stmt;
}

StatementRule rule_by_tree(const StatementTree& tree, std::span<const std::string_view> script) {
  const Node& node = tree.statement();
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT:
      return rule_of(*node.transaction_stmt);
    case PG_QUERY__NODE__NODE_COPY_STMT: {
      const PgQuery__CopyStmt& copy = *node.copy_stmt;
      // STDOUT is STDIN here too (gram.y).
      const bool is_from_stdin = copy.is_from != 0 && copy.is_program == 0 && text_of(copy.filename).empty();
      return is_from_stdin ? StatementRule{.kind = StatementKind::copy_from_stdin, .name = "COPY … FROM STDIN"}
                           : StatementRule{};
    }
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      return rule_of(*node.index_stmt);
    case PG_QUERY__NODE__NODE_DROP_STMT:
      return rule_of(*node.drop_stmt);
    case PG_QUERY__NODE__NODE_REINDEX_STMT:
      return rule_of(*node.reindex_stmt);
    case PG_QUERY__NODE__NODE_CLUSTER_STMT:
      return rule_of(*node.cluster_stmt);
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      return rule_of(*node.alter_table_stmt);
    case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT:
      return repeatable_if(node.alter_enum_stmt->skip_if_new_val_exists != 0);
    case PG_QUERY__NODE__NODE_ALTER_DATABASE_STMT: {
      const Nodes options{node.alter_database_stmt->options, node.alter_database_stmt->n_options};
      return value_of(options, "tablespace") ? refused_in_transaction("ALTER DATABASE … SET TABLESPACE")
                                             : StatementRule{};
    }
    case PG_QUERY__NODE__NODE_CREATE_SUBSCRIPTION_STMT:
      return rule_of(*node.create_subscription_stmt);
    case PG_QUERY__NODE__NODE_ALTER_SUBSCRIPTION_STMT:
      return rule_of(*node.alter_subscription_stmt);
    case PG_QUERY__NODE__NODE_DROP_SUBSCRIPTION_STMT: {
      // A subscription without a slot can be dropped in a transaction, and a statement before this may take it away.
      const StatementRule rule = rule_of_others(node);
      return mentions(script, "slot_name") ? rule : with_kind_of(rule, refused_in_transaction("DROP SUBSCRIPTION"));
    }
    case PG_QUERY__NODE__NODE_DROPDB_STMT:
      return with_kind_of(rule_of_others(node), refused_in_transaction("DROP DATABASE"));
    case PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT:
      return with_kind_of(rule_of_others(node), refused_in_transaction("DROP TABLESPACE"));
    case PG_QUERY__NODE__NODE_CREATEDB_STMT:
      return refused_in_transaction("CREATE DATABASE");
    case PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT:
      return refused_in_transaction("CREATE TABLESPACE");
    case PG_QUERY__NODE__NODE_ALTER_SYSTEM_STMT:
      return with_kind_of(repeatable_if(true), refused_in_transaction("ALTER SYSTEM"));
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
      return rule_of(*node.variable_set_stmt);
    case PG_QUERY__NODE__NODE_CONSTRAINTS_SET_STMT:
      return repeatable_if(true);
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      return {.session_effect = effect_of(*node.select_stmt)};
    case PG_QUERY__NODE__NODE_PREPARE_STMT:
      return {.session_effect = SessionEffect::objects};
    case PG_QUERY__NODE__NODE_DECLARE_CURSOR_STMT: {
      constexpr int cursor_opt_hold = 0x0020;  // parsenodes.h
      const bool is_held = (node.declare_cursor_stmt->options & cursor_opt_hold) != 0;
      return {.session_effect = is_held ? SessionEffect::objects : SessionEffect::none};
    }
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT:
      return repeatable_if(node.create_foreign_table_stmt->base_stmt->if_not_exists != 0);
    default:
      return rule_of_others(node);
  }
}

}  // namespace slipway
