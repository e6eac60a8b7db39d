/** The default of every value. The only place that has them: descriptions and the built-in layer read it. */
export const defaultValues = {
  output: '.cloudbench',
  defaults: {
    duration: '30s',
    warmup: '5s',
    workers: 1,
    seed: 1,
    interval: '1s',
    drain: '5s',
    timeout: '30s',
    patience: '10m',
    dispatch: 'tick',
    connections: 10,
    arrivals: 'constant',
    think: 0,
  },
  /** Of every scenario that says nothing about errors itself: a target that only fails must not pass. */
  checks: { 'errors.rate': '< 1%' },
} as const
