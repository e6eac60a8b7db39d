/**
 * The measured record, declared once. Workers drain it, the orchestrator adds it up, result files store it and their
 * schema describes it, all by looping over these lists: a new count is one line here and one place that counts it.
 *
 * The texts are the descriptions in the schema of result files. Names end in their unit; what has none is a count.
 */

/** How a request that was sent ended. They add up to `sent`. */
export const sentCounts = {
  ok: 'Answered, and did what it was meant to do.',
  failed: 'Answered with a failure.',
  timedOut: 'Not answered within the request timeout.',
  unanswered: 'Neither answered nor timed out when the phase ended or the worker died.',
} as const

/** What a worker counts of each operation. */
export const operationCounts = {
  ...sentCounts,
  unsent:
    'Came due but was never sent, because no connection was free. Above zero, the rate was not reached.',
  censored: 'How many values of `response` are lower bounds.',
  lateShare:
    'What answers that came after the end of the schedule count less in the rate: in a closed loop of each the share of its service time that lay after the end, in an open loop all of it.',
} as const

/** What follows from them. */
export const derivedCounts = {
  scheduled: 'Came due (open loop) or was begun (closed loop): `sent + unsent`.',
  sent: '`ok + failed + timedOut + unanswered`.',
} as const

/** The distributions of each operation. */
export const operationDistributions = {
  response:
    'From when the request was due; free of coordinated omission. Requests that succeeded and, as lower bounds, those that timed out, were not answered or were never sent. Empty in a closed loop, where nothing is ever due.',
  service:
    'From when the request was sent. Requests that succeeded and, as lower bounds, those sent and not answered.',
  lag: 'From due to sent, of every request that was sent. Empty in a closed loop.',
  failures: 'Service time of the requests that were answered with a failure.',
} as const

/** What is counted of a flow as a whole. */
export const flowCounts = {
  connections: {
    opened: 'Connections that were opened.',
    refused: 'Attempts to open a connection that failed.',
    openMs:
      'Time integral of open connections until the end of the schedule. Divided by time: the mean number open.',
  },
  bytes: {
    sent: 'Payload bytes sent, as the driver counts them.',
    received: 'Payload bytes received, as the driver counts them.',
  },
  inFlightMs:
    'Time integral of the requests in flight until the end of the schedule. Divided by time: the mean number in flight.',
} as const

/** What a worker measures of itself, and how neighbouring stretches of time become one. */
export const generatorReadings = {
  cpuMs: { merge: 'sum', text: 'User and system time of the whole process.' },
  busy: {
    merge: 'mean',
    text: 'Share of the time in which the event loop was not waiting. Always 1 with `dispatch: spin`.',
  },
  gcCount: { merge: 'sum', text: 'Garbage collections.' },
  gcMs: { merge: 'sum', text: 'Time in garbage collections.' },
  gcMinorMs: { merge: 'sum', text: 'Of it, in collections of the young generation.' },
  gcMajorMs: { merge: 'sum', text: 'Of it, in collections of the whole heap.' },
  gcIncrementalMs: { merge: 'sum', text: 'Of it, in steps of marking between requests.' },
  gcWeakMs: { merge: 'sum', text: 'Of it, in callbacks of weak references.' },
  gcMaxMs: { merge: 'max', text: 'The longest garbage collection.' },
  allocatedBytes: {
    merge: 'sum',
    text: 'What the JavaScript heap of the load thread allocated, within a few percent. Buffers lie outside of it.',
  },
  rssBytes: { merge: 'max', text: 'Resident memory.' },
} as const

/** The distributions of a worker. */
export const generatorDistributions = {
  lag: "How late arrivals were sent although a connection was free: the generator's own fault.",
  hiccup:
    'For how long something that came due at any moment would have waited for the load thread: weighted by time, sampled every 20 ms. Timers themselves are late by up to 1.1 ms.',
} as const

/**
 * What is kept of a gauge that an environment samples: the line from one sample to the next. Of a counter, which needs no
 * declaration, it is what it grew by.
 */
export const gaugeReadings = {
  mean: { merge: 'mean', text: 'Weighted by time.' },
  max: { merge: 'max', text: 'The largest sample.' },
  observedMs: {
    merge: 'sum',
    text: 'For how long it was watched: less than the interval where samples are missing.',
  },
} as const

/** Numbers under the names of a declaration, groups included. */
export type Numbers<Declared> = {
  readonly [Name in keyof Declared]: Declared[Name] extends string ? number : Numbers<Declared[Name]>
}

/** One value of a kind for each name of a declaration. */
export type Each<Declared, Value> = { readonly [Name in keyof Declared]: Value }
