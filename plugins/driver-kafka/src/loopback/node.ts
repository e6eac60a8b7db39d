/** The number of the only broker. Not 0: kafkajs does not find a controller with that id. */
export const nodeId = 1
