# Numbers of formulas that other reference numbers do not reach. Run with: Rscript corners.R > corners.json
library(jsonlite)

g1 <- function(x) { # Joanes & Gill 1998, as e1071::skewness(x, type = 2)
  n <- length(x); d <- x - mean(x)
  mean(d^3) / mean(d^2)^1.5 * sqrt(n * (n - 1)) / (n - 2)
}
anderson <- function(x) { # Stephens 1986, as nortest::ad.test
  n <- length(x); p <- pnorm((sort(x) - mean(x)) / sd(x))
  a <- -n - mean((2 * seq_len(n) - 1) * (log(p) + log(1 - rev(p)))); aa <- a * (1 + 0.75 / n + 2.25 / n^2)
  tail <- if (aa < 0.2) 1 - exp(-13.436 + 101.14 * aa - 223.73 * aa^2) else
    if (aa < 0.34) 1 - exp(-8.318 + 42.796 * aa - 59.938 * aa^2) else
    if (aa < 0.6) exp(0.9177 - 4.279 * aa - 1.38 * aa^2) else exp(1.2937 - 5.709 * aa + 0.0186 * aa^2)
  list(data = x, statistic = a, adjusted = aa, p = tail)
}
x <- c(1, 2, 3, 4, 5, 6, 7, 8, 9, 10); y <- c(4.1, 3.2, 2.8, 2.1, 2.6, 2.2, 3.4, 3.1, 4.4, 5.2)
adjusted <- function(m) summary(m)$adj.r.squared
skewed <- c(0.3, 1.1, 1.2, 2.5, 2.6, 4.8, 9.9)
tables <- array(c(5, 3, 2, 9, 1, 4, 6, 2, 7, 7, 3, 4), c(2, 2, 3))
cells <- apply(tables, 3, function(t) {
  e <- sum(t[1, ]) * sum(t[, 1]) / sum(t)
  c(e - max(0, t[1, 1] - t[2, 2]), min(sum(t[1, ]), sum(t[, 1])) - e)
})
cat(toJSON(list(
  skewness = list(data = skewed, value = g1(skewed)),
  anderson = list(anderson(c(-1.6, -0.9, -0.6, -0.2, 0.1, 0.2, 0.7, 0.9, 1.7)), anderson(c(1, 1.2, 1.4, 2, 2.2, 2.9, 3.4, 4.3)),
    anderson(c(1, 1.1, 1.2, 1.3, 2, 2.2, 4, 5.9)), anderson(c(1, 1.1, 1.2, 1.3, 1.4, 2.2, 4, 9.9))),
  bend = list(x = x, y = y, gain = adjusted(lm(y ~ x + I(x^2))) - adjusted(lm(y ~ x))),
  fleiss = list(data = aperm(tables, c(3, 1, 2)), value = min(rowSums(cells)))
), digits = NA, auto_unbox = TRUE, pretty = TRUE), "\n")
