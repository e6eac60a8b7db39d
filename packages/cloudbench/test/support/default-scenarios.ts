/** Every scenario that there is without configuration, in order. */
export const defaultScenarios = [
  'http-json-api',
  'redis-read-heavy',
  'amqp-send-receive',
  'grpc-unary',
  'grpc-transcoding',
  'kafka-produce',
  'host-functions',
  'pg-write-heavy',
  'lanes',
]
