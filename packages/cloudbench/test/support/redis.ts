import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/).includes('redis')

/** Tests with a real Redis are skipped if there is none, unless the environment requires one. */
export const withoutRedis =
  !required &&
  !(process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => ['redis-server', 'valkey-server'].some((name) => existsSync(join(folder, name))))
