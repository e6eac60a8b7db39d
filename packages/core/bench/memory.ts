import { runNull } from './run-null.ts'

/** The memory of a warmed-up worker after two million recorded requests, and after twenty million. */
export async function benchMemory(): Promise<void> {
  let requests = 0
  let few = 0
  let many = 0
  const load = { model: 'closed', connections: 1, thinkMs: 0 } as const
  await runNull('issue', load, 'tick', 12_000, 1, ({ phase, flows, generators }) => {
    // the cost of starting is included after the warm-up
    if (phase.kind === 'warmup') return
    requests += flows[0]!.total.ok
    const { rssBytes } = generators[0]!
    if (few === 0 && requests >= 2e6) few = rssBytes
    if (many === 0 && requests >= 20e6) many = rssBytes
  })
  const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`
  console.log(
    many === 0
      ? `there were only ${requests} requests`
      : `${mb(few)} after 2 M requests, ${mb(many)} after 20 M: ${(many / few).toFixed(3)}`,
  )
}
