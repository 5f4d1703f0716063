# Makes share.json: the share of a level against a value, by R itself.
# Run: Rscript tests/data/r/share.R   (R 4.2 with jsonlite)
library(jsonlite)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
cases <- list()
share <- function(hits, n, against) {
  exact <- binom.test(hits, n, against)
  score <- suppressWarnings(prop.test(hits, n, against, correct = FALSE))
  h <- 2 * asin(sqrt(hits / n)) - 2 * asin(sqrt(against))
  cases[[length(cases) + 1]] <<- list(
    name = paste(hits, "of", n, "against", against), hits = hits, n = n, share = against,
    expected = list(p = exact$p.value, wilson = as.numeric(score$conf.int), z = unname(score$statistic),
                    score_p = score$p.value, h = c(h, h + c(-1, 1) * qnorm(0.975) / sqrt(n))))
}
for (case in list(c(7, 10, 0.5), c(165, 333, 0.5), c(0, 12, 0.1), c(12, 12, 0.9), c(3, 4, 0.75), c(1, 1000, 0.01),
                  c(711, 2201, 0.3), c(49, 100, 0.5), c(50, 100, 0.5), c(5200, 10000, 0.5), c(1, 2, 0.2)))
  share(case[1], case[2], case[3])
write_json(list(about = "Made by share.R with R", r = R.version.string, cases = cases),
           file.path(here, "share.json"), digits = NA, auto_unbox = TRUE)
