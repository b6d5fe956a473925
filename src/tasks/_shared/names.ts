/** First names of persons in questions: one capital, then small letters a to z, all different. */
export const firstNames: readonly string[] = `
Ada Adam Agnes Alan Albert Alice Alma Alvin Amara Amos Andrea Andy Angela Anita Anna Anton Arlo Arthur Asta
August Aurora Axel Barbara Basil Beatrix Ben Berta Bianca Bjorn Blanca Bob Boris Brenda Bruno Caleb Camilla Carl
Carmen Carol Casper Cecil Celia Chandra Chen Chloe Clara Claude Clio Conrad Cora Cyril Dagmar Daisy Damian Dana
Daniel Daphne Daria David Dean Delia Dennis Derek Diana Dieter Dora Doris Duncan Earl Edgar Edith Edna Edwin
Eileen Elena Elias Eliza Ella Elmer Elsa Emil Emma Enzo Erica Ernest Esther Ethan Eugene Eva Evan Fabian Faith
Farid Fatima Felix Fiona Flora Floyd Frank Freda Gavin Gemma George Gerda Gilda Gina Glen Gloria Grace Greta Gus
Hanna Hans Harold Harriet Hazel Hector Heidi Helga Henry Hilda Hiro Holly Homer Hugo Ida Igor Ilsa Imran Ines
Ingrid Irene Iris Isaac Ivan Ivy Jacob Jade James Janet Jasper Jenna Joan Joel Johan Jonas Joyce Judith Julian
June Karen Karl Kasim Katia Keith Kenji Kira Klaus Knut Lana Lars Laura Leah Leila Leon Leroy Lewis Lillian
Linus Lloyd Lois Lorenz Lotte Louis Lucia Luis Luther Lydia Mabel Magnus Malik Marco Maria Martha Marvin Mateo
Maud Max May Mercy Mia Milan Milo Mina Mira Moira Monica Morris Moses Myra Nadia Nancy Naomi Nathan Ned Nell
Nico Nils Nina Noah Noel Nora Norman Olaf Olga Oliver Omar Opal Oscar Otis Otto Owen Pablo Paula Pearl Pedro
Penny Percy Petra Philip Phoebe Pierre Quentin Rachel Ralph Ramona Raoul Rebecca Regina Rene Rhoda Rita Robin
Roger Roland Rosa Rufus Ruth Sabine Salma Samuel Sandra Saul Selma Seth Sheila Sigrid Silas Simon Sofia Stella
Sven Sylvia Tamara Tara Tess Theo Thora Tilda Toby Tom Trevor Trudy Ulla Ulric Ursula Uwe Vera Victor Viola
Vivian Wade Walter Wanda Wendy Werner Wilma Xavier Yara Yusuf Yvonne Zelda Zeno Zora
`
  .trim()
  .split(/\s+/)
