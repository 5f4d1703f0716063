# Makes rated.json: McNemar's tests, Cochran's Q, kappa and intraclass correlations, by R itself.
# Run: Rscript tests/data/r/rated.R   (R 4.2 with jsonlite, vcd and rstatix)
suppressMessages({library(jsonlite); library(vcd); library(rstatix)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
cases <- list()
add <- function(kind, name, data, expected)
  cases[[length(cases) + 1]] <<- list(kind = kind, name = name, data = data, expected = expected)

wilson <- function(x, n, level) as.numeric(suppressWarnings(prop.test(x, n, conf.level = level, correct = FALSE))$conf.int)
# Newcombe (1998), method 10, written out from the article.
newcombe <- function(a, b, c, d, level) {
  n <- a + b + c + d
  one <- wilson(a + b, n, level); two <- wilson(a + c, n, level)
  p1 <- (a + b) / n; p2 <- (a + c) / n
  under <- (a + b) * (c + d) * (a + c) * (b + d)
  over <- a * d - b * c
  if (over > 0) over <- max(over - n / 2, 0)
  phi <- if (under == 0) 0 else over / sqrt(under)
  low <- sqrt((p2 - two[1])^2 - 2 * phi * (p2 - two[1]) * (one[2] - p1) + (one[2] - p1)^2)
  high <- sqrt((two[2] - p2)^2 - 2 * phi * (two[2] - p2) * (p1 - one[1]) + (p1 - one[1])^2)
  c(p2 - p1, p2 - p1 - low, p2 - p1 + high)
}
paired <- function(a, b, c, d) {  # both, the first alone, the second alone, neither
  x <- matrix(c(a, b, c, d), 2, byrow = TRUE)
  plain <- mcnemar.test(x, correct = FALSE); corrected <- mcnemar.test(x)
  exact <- binom.test(c, b + c)
  below <- pbinom(min(b, c), b + c, 0.5)
  mid <- if (b == c) 1 - dbinom(c, b + c, 0.5) / 2 else 2 * below - dbinom(min(b, c), b + c, 0.5)
  ends <- as.numeric(exact$conf.int)
  add("mcnemar", paste(a, b, c, d), c(a, b, c, d), list(
    statistic = unname(plain$statistic), p = plain$p.value, corrected = unname(corrected$statistic),
    corrected_p = corrected$p.value, exact = exact$p.value, mid = mid, share = c(c / (b + c), ends),
    difference = newcombe(a, b, c, d, 0.95), difference90 = newcombe(a, b, c, d, 0.90)))
}
for (x in list(c(40, 5, 18, 37), c(20, 6, 2, 12), c(0, 3, 12, 0), c(101, 121, 59, 33), c(10, 4, 4, 10), c(1500, 86, 150, 794),
               c(8, 1, 0, 5), c(53, 16, 8, 9), c(0, 7, 1, 30), c(212, 144, 256, 707)))
  paired(x[1], x[2], x[3], x[4])

set.seed(17)
binary <- function(name, x) {
  n <- nrow(x); k <- ncol(x)
  long <- data.frame(y = as.vector(x), id = factor(rep(1:n, k)), m = factor(rep(1:k, each = n)))
  test <- friedman.test(x)
  size <- friedman_effsize(long, y ~ m | id)
  pairs <- combn(k, 2)
  raw <- apply(pairs, 2, function(ij) {
    up <- sum(x[, ij[1]] > x[, ij[2]]); down <- sum(x[, ij[1]] < x[, ij[2]])
    if (up + down) binom.test(up, up + down)$p.value else 1 })
  add("cochran", name, x, list(statistic = unname(test$statistic), df = unname(test$parameter), p = test$p.value,
    w = unname(size$effsize), pairs = p.adjust(raw, "holm")))
}
binary("3 of 20", cbind(rbinom(20, 1, .3), rbinom(20, 1, .5), rbinom(20, 1, .8)))
binary("4 of 60", cbind(rbinom(60, 1, .3), rbinom(60, 1, .35), rbinom(60, 1, .4), rbinom(60, 1, .6)))
binary("6 of 200", matrix(rbinom(1200, 1, rep(seq(.2, .5, length.out = 6), each = 200)), 200))
binary("3 of 8", cbind(c(1, 1, 1, 0, 1, 0, 1, 1), c(0, 1, 0, 0, 1, 0, 0, 1), c(0, 0, 0, 0, 1, 0, 0, 0)))

agree <- function(name, x) {
  k <- nrow(x)
  told <- function(weights) {
    found <- if (is.null(weights)) Kappa(x) else Kappa(x, weights = weights)
    part <- if (is.null(weights)) found$Unweighted else found$Weighted
    as.numeric(part)
  }
  add("kappa", name, x, list(none = told(NULL), linear = told("Equal-Spacing"), quadratic = told("Fleiss-Cohen")))
}
agree("two", matrix(c(20, 5, 10, 15), 2))
agree("three", matrix(c(44, 5, 1, 7, 20, 3, 9, 5, 6), 3))
agree("four", matrix(c(38, 5, 0, 1, 33, 11, 3, 0, 10, 14, 5, 6, 3, 7, 3, 10), 4))
agree("five", matrix(rpois(25, 4), 5) + diag(9, 5))
agree("worse than chance", matrix(c(2, 15, 12, 3), 2))
agree("one level rare", matrix(c(90, 4, 5, 1), 2))

ratings <- function(name, x) {
  n <- nrow(x); k <- ncol(x)
  long <- data.frame(y = as.vector(x), case = factor(rep(1:n, k)), rater = factor(rep(1:k, each = n)))
  ms <- anova(lm(y ~ case + rater, long))[["Mean Sq"]]
  MSR <- ms[1]; MSC <- ms[2]; MSE <- ms[3]; rest <- (n - 1) * (k - 1)
  icc <- (MSR - MSE) / (MSR + (k - 1) * MSE + k * (MSC - MSE) / n)
  a <- k * icc / (n * (1 - icc)); b <- 1 + k * icc * (n - 1) / (n * (1 - icc))
  v <- (a * MSC + b * MSE)^2 / ((a * MSC)^2 / (k - 1) + (b * MSE)^2 / rest)
  FL <- qf(0.975, n - 1, v); FU <- qf(0.975, v, n - 1)
  low <- n * (MSR - FL * MSE) / (FL * (k * MSC + (k * n - k - n) * MSE) + n * MSR)
  high <- n * (FU * MSR - MSE) / (k * MSC + (k * n - k - n) * MSE + n * FU * MSR)
  f <- MSR / MSE
  cl <- f / qf(0.975, n - 1, rest); cu <- f * qf(0.975, rest, n - 1)
  mean_of <- function(r) k * r / (1 + (k - 1) * r)
  add("icc", name, x, list(f = f, p = pf(f, n - 1, rest, lower.tail = FALSE), raters = MSC / MSE,
    raters_p = pf(MSC / MSE, k - 1, rest, lower.tail = FALSE), agreement = c(icc, low, high),
    consistency = c((f - 1) / (f + k - 1), (cl - 1) / (cl + k - 1), (cu - 1) / (cu + k - 1)),
    of_mean = mean_of(c(icc, low, high))))
}
# Shrout & Fleiss (1979), Table 2: ICC(2,1) = .29, ICC(3,1) = .71, ICC(2,4) = .62
ratings("Shrout and Fleiss", matrix(c(9, 6, 8, 7, 10, 6, 2, 1, 4, 1, 5, 2, 5, 3, 6, 2, 6, 4, 8, 2, 8, 6, 9, 7), 6))
base <- rnorm(40, 50, 10)
ratings("two raters", round(cbind(base + rnorm(40, 0, 3), base + rnorm(40, 2, 3)), 2))
ratings("five raters", round(sapply(1:5, function(i) base + rnorm(40, i / 3, 6)), 2))
ratings("nothing in common", matrix(round(rnorm(90, 5, 2), 2), 30))
write_json(list(about = "Made by rated.R with R, vcd and rstatix", r = R.version.string, cases = cases),
           file.path(here, "rated.json"), digits = NA, auto_unbox = TRUE)
