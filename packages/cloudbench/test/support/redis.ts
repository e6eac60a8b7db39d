import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/).includes('redis')

/** Tests with a real Redis are left out where there is none, unless the environment says that there must be one. */
export const withoutRedis =
  !required &&
  !(process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => ['redis-server', 'valkey-server'].some((name) => existsSync(join(folder, name))))
