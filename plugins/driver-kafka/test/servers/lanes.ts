import { clients, type ClientName } from '../../src/clients.ts'

/** Lanes whose client speaks versions of the protocol that the loopback has. */
export const loopbackLanes = ['wire', 'kafkajs'] as const satisfies readonly ClientName[]

/** Lanes that can be tested here, with a real broker: packages that users install may be missing. */
export const lanes: readonly ClientName[] = (Object.keys(clients) as ClientName[]).filter((name) => {
  const client: { readonly package?: string } = clients[name]
  try {
    return client.package === undefined || import.meta.resolve(client.package) !== ''
  } catch {
    return false
  }
})

/** Whether a lane has a workload. */
export function has(client: ClientName, workload: string): boolean {
  return client !== 'platformatic' || workload !== 'consume'
}
