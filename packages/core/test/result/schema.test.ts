import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { resultFile } from '../../src/result/file.ts'
import { resultJsonSchema, resultSchema } from '../../src/result/schema.ts'
import { runSteady } from '../support/run.ts'

describe('the schema of a result file', () => {
  it('is published as it is: run `pnpm schema` after changing it', () => {
    const published: unknown = JSON.parse(
      readFileSync(new URL('../../schema/result-1.schema.json', import.meta.url), 'utf8'),
    )
    expect(published).toEqual(JSON.parse(JSON.stringify(resultJsonSchema())))
  })

  it('describes everything that a run leaves behind', async () => {
    const file = JSON.parse(JSON.stringify(resultFile(await runSteady({ durationMs: 300 })))) as unknown
    expect(resultSchema.parse(file)).toEqual(file)
  })
})
