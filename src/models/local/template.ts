import { Template } from '@huggingface/jinja'
import { InputError } from '../../errors.ts'

/** A message in words, as chat templates take it. */
export interface Spoken {
  readonly role: string
  readonly content: string
}

/** A GGUF file's chat template, and the texts of its special tokens that templates name. */
export interface ChatTemplate {
  readonly source: string
  readonly bos: string
  readonly eos: string
}

/** The conversation in the model's own form, up to where its answer begins. Throws InputError for a template we cannot fill. */
export function chatText(template: ChatTemplate, messages: readonly Spoken[]): string {
  try {
    return new Template(template.source).render({
      messages: messages.map(({ role, content }) => ({ role, content })),
      add_generation_prompt: true,
      bos_token: template.bos,
      eos_token: template.eos,
    })
  } catch (cause) {
    throw new InputError(
      `the chat template of the model cannot be filled: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Serve the model with llama.cpp instead and ask for llama-cpp/default.',
      { cause },
    )
  }
}
