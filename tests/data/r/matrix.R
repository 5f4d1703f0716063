# Makes matrix.json: correlation matrices with p-values corrected for the number of pairs, computed by R itself.
# Run: Rscript tests/data/r/matrix.R   (R 4.2 with jsonlite)
suppressMessages(library(jsonlite)); options(warn = -1)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
cases <- list()
matrix_of <- function(name, frame, method) {
  pairs <- combn(names(frame), 2, simplify = FALSE)
  tests <- lapply(pairs, function(p) cor.test(frame[[p[1]]], frame[[p[2]]], method = method))
  p <- sapply(tests, function(t) t$p.value); r <- unname(sapply(tests, function(t) t$estimate))
  n <- sapply(pairs, function(p) sum(complete.cases(frame[p])))
  wide <- if (method == "spearman") sqrt((1 + r^2 / 2) / (n - 3)) else 1 / sqrt(n - 3)
  cases[[length(cases) + 1]] <<- list(name = name, method = method, names = names(frame),
    columns = unname(lapply(frame, function(x) as.numeric(x))),
    a = sapply(pairs, `[`, 1), b = sapply(pairs, `[`, 2), r = r, p = p, n = n,
    low = tanh(atanh(r) - qnorm(0.975) * wide), high = tanh(atanh(r) + qnorm(0.975) * wide),
    holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH"))
}
matrix_of("iris", iris[1:4], "pearson")
matrix_of("attitude", attitude, "pearson")
matrix_of("airquality with gaps", airquality[1:4], "pearson")
matrix_of("USArrests", USArrests, "pearson")
matrix_of("swiss by ranks", swiss, "spearman")
matrix_of("airquality by ranks", airquality[1:4], "spearman")
write(toJSON(list(about = "Made by matrix.R", r = R.version.string, cases = cases), digits = NA, auto_unbox = TRUE,
             na = "null"), file.path(here, "matrix.json"))
