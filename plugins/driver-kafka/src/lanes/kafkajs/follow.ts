import type { OpenTopic } from '../../client/topic.ts'
import type { Follower, FollowOptions } from '../lane.ts'
import { openGroup } from './group.ts'

/** Every message by itself, as `eachMessage` gets it. */
export async function follow(
  opened: OpenTopic,
  { topic, partition, startOffset, onMessage }: FollowOptions,
): Promise<Follower> {
  return await openGroup(opened, {
    topic,
    starts: new Map([[partition, startOffset]]),
    run: () => ({
      eachMessage: async ({ message: { value } }) => {
        if (value !== null) onMessage(value, 0, value.length)
      },
    }),
  })
}
