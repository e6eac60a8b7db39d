import { type Client, createClient } from './ask/client.ts'
import { Doubt, Refusal } from './ask/doubt.ts'
import type { Cloud, Identified, Instance } from './clouds/cloud.ts'

export interface Place {
  readonly cloud: Cloud
  readonly endpoint: string
}

/** What came of asking. */
export interface Finding {
  readonly found?: { readonly provider: Cloud['name']; readonly instance: Instance }
  /** Why nothing was found, or why what answered is not believed; continues `unknown: `. */
  readonly because: readonly string[]
}

interface Visit extends Place {
  readonly client: Client
  /** What it said; a text when it said something else; undefined when there is none. */
  readonly outcome: Promise<Identified | string | undefined>
}

/** Asks all of them at once; of all together, nothing takes longer than the budget. Leaves no connection open. Never rejects. */
export async function probe(
  places: readonly Place[],
  how: { readonly awsV1: boolean; readonly budgetMs: number; readonly signal: AbortSignal },
): Promise<Finding> {
  const deadline = AbortSignal.any([how.signal, AbortSignal.timeout(how.budgetMs)])
  const visits = places.map((place) => visit(place, how, deadline))
  try {
    return await conclude(visits)
  } finally {
    for (const { client } of visits) client.close()
  }
}

async function conclude(visits: readonly Visit[]): Promise<Finding> {
  const answers = await Promise.all(
    visits.map(async ({ cloud, endpoint, outcome }) => {
      const said = await outcome
      // who has not even accepted a connection by then is not waited for; who has may contradict.
      if (typeof said === 'object') for (const { client } of visits) if (!client.isConnected) client.close()
      return { cloud, endpoint, said }
    }),
  )
  const identified = answers.filter(({ said }) => typeof said === 'object')
  const [first, ...others] = identified
  if (first === undefined)
    return { because: answers.map(({ said }) => said).filter((said) => typeof said === 'string') }
  if (others.length > 0) {
    const names = identified.map(({ cloud, endpoint }) => `${cloud.name} (${endpoint})`)
    return { because: [`${names.join(' and ')} both claim this machine: name one in clouds`] }
  }
  const { instance, details } = first.said as Identified
  return {
    found: { provider: first.cloud.name, instance: { ...instance, ...(await details?.()) } },
    because: [],
  }
}

function visit(
  place: Place,
  how: { readonly awsV1: boolean; readonly budgetMs: number },
  deadline: AbortSignal,
): Visit {
  const { cloud, endpoint } = place
  const client = createClient(endpoint, cloud.host, deadline)
  const at = `the service of ${cloud.name} at ${endpoint}`
  const outcome = cloud.identify(client.ask, how).catch((error: unknown) => {
    if (error instanceof Refusal) return `${at} ${error.message}`
    if (error instanceof Doubt) return `${at} is not believed: it ${error.message}`
    if (!client.isConnected) return undefined
    const hint = cloud.silence === undefined ? '' : ` (${cloud.silence})`
    return `${at} accepts connections and gives no whole answer within ${how.budgetMs} ms${hint}`
  })
  return { ...place, client, outcome }
}
