import type { Protocol } from './answer.ts'
import type { Ask } from './ask.ts'
import type { ChatAsk } from './chat-request.ts'
import { chatChunks, chatCompletion } from './chat-shape.ts'
import { responseEvents, responseObject } from './responses-shape.ts'

/** `/v1/chat/completions`. */
export const chatProtocol: Protocol<ChatAsk> = {
  whole: chatCompletion,
  streamed(ask, head, stream) {
    const chunks = chatChunks(head)
    return {
      first: () => stream.send(chunks.first()),
      reasoning: text => stream.send(chunks.reasoning(text)),
      last(reply, pieces) {
        for (const piece of pieces) stream.send(chunks.content(piece))
        if (reply.toolCalls.length > 0) stream.send(chunks.toolCalls(reply.toolCalls))
        stream.send(chunks.last(reply))
        if (ask.includeUsage) stream.send(chunks.usage(reply))
        stream.send('[DONE]')
      },
      failed: error => stream.send(error.body),
    }
  },
}

/** `/v1/responses`: the part that has a meaning here. */
export const responsesProtocol: Protocol<Ask> = {
  whole: responseObject,
  streamed(_, head, stream) {
    const events = responseEvents(head)
    const send = (list: ReturnType<typeof events.first>) => {
      for (const event of list) stream.send(event, event.type)
    }
    return {
      first: () => send(events.first()),
      reasoning: text => send(events.reasoning(text)),
      last: (reply, pieces) => send(events.last(reply, pieces)),
      failed: error => send(events.failed(error.code, error.message)),
    }
  },
}
