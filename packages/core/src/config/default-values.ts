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
    dispatch: 'tick',
    connections: 10,
    arrivals: 'constant',
    think: 0,
  },
} as const
