import { Command } from 'commander'
import type { CliContext } from '../../_shared/context.ts'
import { addTrainOptions, trainAction } from '../../_shared/train-command.ts'

/** `codesteer train dpo`. */
export function dpoCommand(context: CliContext): Command {
  const command = new Command('dpo').description(
    'Direct preference optimization on exported pairs: 6 epochs at 5e-6, sigmoid, beta 0.1, batch 4, as published. Start from the model of train sft.',
  )
  return addTrainOptions(command)
    .addHelpText(
      'after',
      `
Beside the loss it tells how often the model finds the better side of held-out pairs likelier (preference accuracy), before
the first step and at each evaluation. Files and exit codes as train sft.

Examples:
  codesteer train dpo --data export --base .codesteer/trainings/export-sft/model --gpus 4
  codesteer train dpo --data export --base .codesteer/trainings/export-sft/model --lora --set loss_type='["ipo"]'
  codesteer train dpo --data export --base .codesteer/trainings/export-sft/model --dry-run --json`,
    )
    .action(trainAction('dpo', context))
}
