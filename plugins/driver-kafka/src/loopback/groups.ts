/** Consumer groups in memory, each with one member: client libraries read only in a group. */
export interface Groups {
  /** The member that this group gets anew. Whoever was in it before is not asked. */
  join(group: string): string
  /** Where the group has been read up to; -1 when nowhere. */
  committed(group: string, topic: string, partition: number): number
  commit(group: string, topic: string, partition: number, offset: number): void
  remove(group: string): void
}

export function createGroups(): Groups {
  const offsets = new Map<string, Map<string, number>>()
  let members = 0
  return {
    join(group) {
      if (!offsets.has(group)) offsets.set(group, new Map())
      return `member-${++members}`
    },
    committed: (group, topic, partition) => offsets.get(group)?.get(`${topic}/${partition}`) ?? -1,
    commit(group, topic, partition, offset) {
      offsets.get(group)?.set(`${topic}/${partition}`, offset)
    },
    remove: (group) => void offsets.delete(group),
  }
}
