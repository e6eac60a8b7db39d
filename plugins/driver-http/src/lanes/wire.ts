import { openHttpConnection } from '@cloudbench/driver-kit/http'
import type { OpenLane } from './lane.ts'

/** Frames laid out by the driver. */
export const openLane: OpenLane = openHttpConnection
