declare module 'redis-parser' {
  export default class RedisParser {
    constructor(options: {
      readonly returnBuffers: boolean
      readonly returnReply: (reply: unknown) => void
      readonly returnError: (error: Error) => void
      readonly returnFatalError: (error: Error) => void
    })
    execute(data: Buffer): void
  }
}
