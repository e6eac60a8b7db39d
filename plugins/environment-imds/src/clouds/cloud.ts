import type { Provider } from '@cloudbench/instance-types'
import type { Ask } from '../ask/client.ts'

/** What a metadata service says about the machine, checked. */
export interface Instance {
  readonly id: string
  readonly type?: string | undefined
  readonly region: string
  readonly zone?: string | undefined
  readonly imageId?: string | undefined
  /** `spot`: the provider may take it away at any time. */
  readonly lifecycle?: Lifecycle | undefined
  readonly interfaceCount?: number | undefined
  readonly interfaceIds?: readonly string[] | undefined
}

export type Lifecycle = 'on-demand' | 'spot'

export interface Identified {
  readonly instance: Instance
  /** More about it, where that takes more questions. Never rejects: what is not answered is left out. */
  details?(): Promise<Partial<Instance>>
}

/** How the metadata service of one provider is asked, and how it is told from those of others. */
export interface Cloud {
  readonly name: Provider
  /** As the provider documents it. */
  readonly endpoint: string
  /** What the service is called, where that is not its address. */
  readonly host?: string
  /** `sys_vendor` in the DMI table of its machines. */
  readonly vendor: string
  /** What may be the reason when it accepts a connection and says nothing. */
  readonly silence?: string
  /** Rejects with a doubt or a refusal, or with what the network says. */
  identify(ask: Ask, how: { readonly awsV1: boolean; readonly budgetMs: number }): Promise<Identified>
}

/** What a promise resolves with; undefined where it rejects. */
export async function optional<T>(promise: Promise<T>): Promise<T | undefined> {
  return await promise.catch(() => undefined)
}
