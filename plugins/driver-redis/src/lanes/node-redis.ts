import type { OpenLane } from './lane.ts'

export const openNodeRedis: OpenLane = async () => {
  throw new Error('later')
}
