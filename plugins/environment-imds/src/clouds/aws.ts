import type { Answer, Ask } from '../ask/client.ts'
import { doubt, Refusal } from '../ask/doubt.ts'
import { listOf, objectOf, optionalTextOf, shaped, textOf } from '../ask/read.ts'
import { type Cloud, type Instance, type Lifecycle, optional } from './cloud.ts'

const token = { asks: 'x-aws-ec2-metadata-token-ttl-seconds', carries: 'x-aws-ec2-metadata-token' } as const
const macAddress = /^([\da-f]{2}:){5}[\da-f]{2}$/i

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-categories.html */
const lifecycles: Readonly<Record<string, Lifecycle>> = {
  'on-demand': 'on-demand',
  scheduled: 'on-demand',
  'capacity-block': 'on-demand',
  spot: 'spot',
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html */
export const aws: Cloud = {
  name: 'aws',
  endpoint: 'http://169.254.169.254',
  vendor: 'Amazon EC2',
  silence:
    'in a container, a hop limit of 1 drops the answer with the token: set http-put-response-hop-limit of the instance to 2',
  async identify(ask, { awsV1, budgetMs }) {
    const headers = await authorize(ask, awsV1 ? budgetMs * 0.4 : undefined)
    const get = (path: string): Promise<Answer> => ask({ path, headers })
    const document = await get('/latest/dynamic/instance-identity/document')
    if (document.status === 401) throw new Refusal('wants a token, and gives none')
    return { instance: instanceIn(document), details: () => detailsOf(get) }
  },
}

/** The header that authorizes questions; none for version 1, which is tried only where it is allowed: `limitMs` is given. */
async function authorize(ask: Ask, limitMs: number | undefined): Promise<Record<string, string>> {
  const question = { method: 'PUT', path: '/latest/api/token', headers: { [token.asks]: '60' } } as const
  const answering = ask(limitMs === undefined ? question : { ...question, limitMs })
  const answer = await (limitMs === undefined ? answering : optional(answering))
  if (answer?.status === 200) return { [token.carries]: textOf(answer, 'token', /^[\x21-\x7e]+$/) }
  if (limitMs !== undefined) return {}
  if (answer?.status === 403) throw new Refusal('is turned off (http-endpoint of the instance)')
  throw doubt(`answers with status ${answer?.status} when asked for a token`)
}

function instanceIn(answer: Answer): Instance {
  const document = objectOf(answer, 'identity document')
  shaped(document['accountId'], 'account', /^\d{12}$/)
  const region = shaped(document['region'], 'region', /^[a-z]{2,4}(-[a-z]+)+-\d{1,2}$/)
  const zone = shaped(document['availabilityZone'], 'zone', /^[a-z\d-]+$/)
  if (!zone.startsWith(region)) throw doubt(`says that ${zone} is a zone of ${region}`)
  return {
    id: shaped(document['instanceId'], 'instance id', /^i-[\da-f]{8}([\da-f]{9})?$/),
    type: shaped(document['instanceType'], 'instance type', /^[a-z\d-]{2,20}\.[a-z\d-]{2,20}$/),
    region,
    zone,
    imageId: shaped(document['imageId'], 'image', /^ami-[\da-f]{8,17}$/),
  }
}

async function detailsOf(get: (path: string) => Promise<Answer>): Promise<Partial<Instance>> {
  const of = '/latest/meta-data/network/interfaces/macs/'
  const [lifecycle, macs] = await Promise.all([
    optional(
      get('/latest/meta-data/instance-life-cycle').then((answer) =>
        optionalTextOf(answer, 'life cycle', /^[a-z-]+$/),
      ),
    ),
    optional(get(of).then((answer) => listOf(answer, macAddress))),
  ])
  const ids = await Promise.all(
    (macs ?? [])
      .slice(0, 16)
      .map((mac) =>
        optional(
          get(`${of}${mac}/interface-id`).then((answer) =>
            textOf(answer, 'interface', /^eni-[\da-f]{8,17}$/),
          ),
        ),
      ),
  )
  return {
    lifecycle: lifecycle === undefined ? undefined : lifecycles[lifecycle],
    interfaceCount: macs?.length,
    interfaceIds: ids.filter((id) => id !== undefined),
  }
}
