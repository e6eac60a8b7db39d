import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { expect, onTestFinished, test } from 'vitest'
import { traceExporter } from '../../src/delivery/exporter.ts'
import { options } from '../../src/options.ts'
import { settingsOf } from '../../src/settings.ts'
import { startReceiver } from '../servers/receiver.ts'

test('what cannot be written is lost, and does not stop what follows', async () => {
  const receiver = await startReceiver()
  const given = options.parse({ endpoint: receiver.url, protocol: 'http/json', signals: ['traces'] })
  const exporter = traceExporter(settingsOf(given, {})[0]!)
  onTestFinished(async () => {
    exporter.close()
    await receiver.close()
  })
  const noSpan = {} as ReadableSpan
  expect(await exporter.export([noSpan, noSpan], 2)).toEqual({
    lost: 2,
    isLater: false,
    why: expect.stringMatching(/^it could not be written: /) as string,
  })
  expect(await exporter.export([], 1)).toEqual({ lost: 0, isLater: false })
})
