// What connecting and one question cost by libpq alone: nobody who uses it can start faster.
//
//   floor URL

#include <stdio.h>

#include <libpq-fe.h>

int main(int count, char* arguments[]) {
  if (count != 2) return 64;
  PGconn* connection = PQconnectdb(arguments[1]);
  PGresult* result = PQexec(connection, "select 1");
  if (PQresultStatus(result) != PGRES_TUPLES_OK) {
    fputs(PQerrorMessage(connection), stderr);
    return 69;
  }
  PQclear(result);
  PQfinish(connection);
  return 0;
}
