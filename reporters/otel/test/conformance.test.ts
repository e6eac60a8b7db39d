import { testReporter } from '@cloudbench/testkit'
import { afterAll, test } from 'vitest'
import { startReceiver } from './servers/receiver.ts'

const receiver = await startReceiver()
afterAll(() => receiver.close())

testReporter({
  test,
  reporter: new URL('../src/index.ts', import.meta.url),
  options: { endpoint: receiver.url },
  refused: [
    { endpoint: 'localhost:4318' },
    { endpoint: 'grpc://localhost:4317' },
    { protocol: 'grpc' },
    { compression: 'zstd' },
    { temporality: 'never' },
    { signals: [] },
    { signals: ['logs'] },
    { timeout: '0s' },
    { timeout: '1m' },
    { headers: { authorization: 'two\nlines' } },
  ],
})
