# Reference numbers for the profile of a table: Rscript tests/data/r/profile.R > tests/data/r/profile.json
# R 4.2. airquality is the table that tests/data/tables/airquality.csv holds.
suppressMessages(library(jsonlite))

air <- airquality[, c("Ozone", "Solar.R", "Wind", "Temp", "Month", "Day")]
shares <- c(.01, .05, .1, .25, .5, .75, .9, .95, .99)
there <- !is.na(air)
fences <- function(x) {
  q <- quantile(x, c(.25, .75), na.rm = TRUE)
  sum(x < q[1] - 1.5 * diff(q) | x > q[2] + 1.5 * diff(q), na.rm = TRUE)
}
found <- list(
  columns = names(air),
  quantiles = lapply(air, function(x) unname(quantile(x, shares, na.rm = TRUE))),
  outliers = lapply(air, fences),
  n = t(there) %*% there,
  pearson = cor(air, use = "pairwise.complete.obs"),
  spearman = cor(air, use = "pairwise.complete.obs", method = "spearman"),
  iris_duplicates = sum(duplicated(iris))
)
cat(toJSON(found, digits = NA, auto_unbox = TRUE, pretty = FALSE), "\n")
