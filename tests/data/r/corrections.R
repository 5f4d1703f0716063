# Makes corrections.json: p-values adjusted for their number, computed by R itself.
# Run: Rscript tests/data/r/corrections.R   (R 4.2 with jsonlite)
suppressMessages(library(jsonlite))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
set.seed(20)
families <- list(
  "one" = 0.03,
  "two" = c(0.04, 0.011),
  "already in order" = c(0.001, 0.01, 0.02, 0.04, 0.2),
  "the largest first" = c(0.9, 0.5, 0.049, 0.01, 1e-12),
  "ties" = c(0.02, 0.02, 0.02, 0.5),
  "close to each other" = c(0.0130, 0.0131, 0.0132, 0.0133),
  "zero and one" = c(0, 1, 0.03, 1, 0),
  "fifty of noise" = runif(50),
  "findings among noise" = c(runif(40), rbeta(10, 0.05, 8))
)
cases <- lapply(names(families), function(name) list(name = name, p = I(families[[name]]),
  holm = I(p.adjust(families[[name]], "holm")), bh = I(p.adjust(families[[name]], "BH"))))
write(toJSON(list(about = "Made by corrections.R", r = R.version.string, cases = cases), digits = NA,
             auto_unbox = TRUE), file.path(here, "corrections.json"))
