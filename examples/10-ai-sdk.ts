// As a model of the AI SDK: the steering comes as reasoning while it happens, then the answer. Installed: 'codesteer/ai-sdk'.
import { streamText } from 'ai'
import { codesteer } from '../src/ai-sdk.ts'

await using model = codesteer('simulated/apprentice', { reasoning: 'brief' }) // or codesteer(openai('gpt-4.1-mini'))
const result = streamText({
  model,
  prompt: '9.11 or 9.9, which is larger?',
  providerOptions: { codesteer: { turns: 3, content: 'answer' } },
})
for await (const part of result.stream) {
  if (part.type === 'reasoning-delta') process.stdout.write(part.text)
  if (part.type === 'text-delta') process.stdout.write(`\n\nAnswer: ${part.text}\n`)
}
const metadata = (await result.providerMetadata)?.codesteer
console.log(`${(await result.usage).totalTokens} tokens, stopped: ${metadata?.stop}, simulated: ${metadata?.simulated}`)
