import { one, type Statement } from './statement.ts'
import { unquoted, type Tables } from './tables.ts'
import { backendProcess } from './wire.ts'

/** What prepares and cleans up. */
export function schemaStatements({ comments, of, empty }: Tables): readonly Statement[] {
  return [
    {
      pattern:
        /^INSERT INTO (\S+) \(id, version, payload\) SELECT id, 0, .* \|\| '([^']*)' FROM generate_series\((\d+), (\d+)\)/,
      run([, table, filler, first, last]) {
        const { rows } = of(table!)
        for (let id = Number(first); id <= Number(last); id++)
          rows.set(id, String(id).padStart(10, '0') + filler)
        return { tag: `INSERT 0 ${Number(last) - Number(first) + 1}` }
      },
    },
    {
      pattern: /^TRUNCATE (\S+)/,
      run([, table]) {
        empty(table!)
        return { tag: 'TRUNCATE TABLE' }
      },
    },
    {
      pattern: /^CREATE (TABLE|SCHEMA) (\S+)/,
      run([, kind, name]) {
        comments.set(unquoted(name!), '')
        return { tag: `CREATE ${kind}` }
      },
    },
    {
      pattern: /^DROP (TABLE|SCHEMA) (\S+)/,
      run([, kind, name]) {
        comments.delete(unquoted(name!))
        empty(name!)
        return { tag: `DROP ${kind}` }
      },
    },
    {
      pattern: /^COMMENT ON (?:TABLE|SCHEMA) (\S+) IS '(.*)'/,
      run([, name, comment]) {
        comments.set(unquoted(name!), comment!)
        return { tag: 'COMMENT' }
      },
    },
    {
      pattern: /^SELECT obj_description.*(?:to_regclass\(|nspname = )'([^']*)'/,
      run: ([, name]) => one('comment', comments.get(unquoted(name!))),
    },
    { pattern: /^SELECT 1 FROM \S+ LIMIT 0$/, run: () => one('?column?', undefined) },
    { pattern: /^SHOW (server_version)/, run: ([, name]) => one(name!, '15.0 (cloudbench loopback)') },
    { pattern: /^SELECT (pg_advisory_xact_lock)/, run: ([, name]) => one(name!, '') },
    { pattern: /^SELECT pg_backend_pid\(\) AS (pid)$/, run: ([, name]) => one(name!, backendProcess) },
    {
      pattern: /^SELECT pg_is_in_recovery\(\) AS (standby), .* AS (read_only)$/,
      run: ([, ...columns]) => ({ tag: 'SELECT 1', columns, rows: [['f', 'off']] }),
    },
    { pattern: /^(SET|VACUUM)/, run: ([, tag]) => ({ tag: tag! }) },
  ]
}
