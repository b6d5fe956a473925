# label: {"adequate": false, "method": "no-code"}
To solve this puzzle, we try each case. If A is a knight, then B lies.
Therefore the answer is <<<yes, no, yes>>>
