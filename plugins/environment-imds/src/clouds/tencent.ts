import type { Answer } from '../ask/client.ts'
import { doubt } from '../ask/doubt.ts'
import { listOf, optionalTextOf, textOf } from '../ask/read.ts'
import { type Cloud, type Instance, type Lifecycle, optional } from './cloud.ts'

/** `InstanceChargeType` of the API. */
const lifecycles: Readonly<Record<string, Lifecycle>> = {
  PREPAID: 'on-demand',
  POSTPAID_BY_HOUR: 'on-demand',
  SPOTPAID: 'spot',
}

/**
 * https://www.tencentcloud.com/document/product/213/4934. By its address: to resolve its name would ask other servers, and
 * could lead anywhere.
 */
export const tencent: Cloud = {
  name: 'tencent',
  endpoint: 'http://169.254.0.23',
  host: 'metadata.tencentyun.com',
  vendor: 'Tencent Cloud',
  async identify(ask) {
    const get = (leaf: string): Promise<Answer> => ask({ path: `/latest/meta-data/${leaf}` })
    const [id, placed, zoned, typed] = await Promise.all([
      get('instance-id'),
      get('placement/region'),
      get('placement/zone'),
      get('instance/instance-type'),
    ])
    const region = textOf(placed, 'region', /^[a-z]{2}(-[a-z\d]{1,20}){1,5}$/)
    const zone = textOf(zoned, 'zone', /^[a-z\d-]{4,40}$/)
    if (!zone.startsWith(region)) throw doubt(`says that ${zone} is a zone of ${region}`)
    return {
      instance: {
        id: textOf(id, 'instance id', /^ins-[\da-z]{6,20}$/),
        type: optionalTextOf(typed, 'instance type', /^[A-Z\d][A-Za-z\d]{0,15}\.[A-Z\d]{2,20}$/),
        region,
        zone,
      },
      details: () => detailsOf(get),
    }
  },
}

async function detailsOf(get: (leaf: string) => Promise<Answer>): Promise<Partial<Instance>> {
  const [charge, image, macs] = await Promise.all([
    optional(get('payment/charge-type').then((answer) => textOf(answer, 'charge type', /^[A-Z_]{1,40}$/))),
    optional(get('instance/image-id').then((answer) => textOf(answer, 'image', /^img-[\da-z]{6,20}$/))),
    optional(
      get('network/interfaces/macs/').then((answer) => listOf(answer, /^([\da-f]{2}:){5}[\da-f]{2}$/i)),
    ),
  ])
  return {
    lifecycle: charge === undefined ? undefined : lifecycles[charge],
    imageId: image,
    interfaceCount: macs?.length,
  }
}
