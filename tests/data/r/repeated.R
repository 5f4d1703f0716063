# Makes repeated.json: three and more measures of the same rows, by R itself.
# Run: Rscript tests/data/r/repeated.R   (R 4.2 with jsonlite, effectsize)
suppressMessages({library(jsonlite); library(effectsize)})
options(warn = -1)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
cases <- list()
ncp_f <- function(f, df, df_error) sapply(c(0.975, 0.025), function(p) {
  below <- function(x) pf(f, df, df_error, ncp = x) - p
  if (below(0) <= 0) return(0)
  high <- 2 * f * df + 10
  while (below(high) > 0) high <- 2 * high
  uniroot(below, c(0, high), tol = 1e-13, maxiter = 10000)$root
})
repeated <- function(name, m) {
  m <- round(as.matrix(m), 6); dimnames(m) <- NULL; n <- nrow(m); k <- ncol(m)
  given <- m; m <- m - round(mean(m))  # the tests do not depend on it, the digits of lm's sums of squares do
  fit <- lm(m ~ 1)
  table <- anova(fit, X = ~1, test = "Spherical")
  mauchly <- if (n > k) mauchly.test(fit, X = ~1)
  # anova prints epsilon with four digits; this is its definition (Greenhouse & Geisser 1959).
  centring <- diag(k) - 1 / k; apart <- centring %*% cov(m) %*% centring
  friedman <- friedman.test(m)
  y <- as.numeric(m); g <- factor(rep(1:k, each = n)); s <- factor(rep(1:n, k))
  parts <- summary(aov(y ~ g + Error(s)))[["Error: Within"]][[1]]
  f <- parts[1, "F value"]; df <- k - 1; dfe <- (n - 1) * (k - 1)
  eta <- parts[1, "Sum Sq"] / sum(parts[, "Sum Sq"]); ncp <- ncp_f(f, df, dfe)
  t <- pairwise.t.test(y, g, paired = TRUE, p.adjust.method = "holm")$p.value
  w <- pairwise.wilcox.test(y, g, paired = TRUE, p.adjust.method = "holm")$p.value
  pairs <- t(combn(k, 2))
  cases[[length(cases) + 1]] <<- list(name = name, data = given, expected = list(
    f = table$F[1], epsilon = sum(diag(apart))^2 / ((k - 1) * sum(apart^2)),
    gg = table[["G-G Pr"]][1], plain_p = table[["Pr(>F)"]][1],
    mauchly = if (n > k) list(w = unname(mauchly$statistic), p = mauchly$p.value),
    friedman = list(chi2 = unname(friedman$statistic), p = friedman$p.value),
    kendall = unname(friedman$statistic) / (n * (k - 1)),
    eta = list(value = eta, interval = ncp / (ncp + dfe)),
    t = apply(pairs, 1, function(p) t[p[2] - 1, p[1]]),
    wilcoxon = apply(pairs, 1, function(p) w[p[2] - 1, p[1]])))
}
set.seed(11)
subject <- rnorm(24, 0, 5)
repeated("three, even", sapply(c(50, 52, 55), function(mean) mean + subject + rnorm(24, 0, 3)))
repeated("four, uneven spread", sapply(1:4, function(i) 20 + i + subject + rnorm(24, 0, i)))
repeated("nothing there", sapply(1:3, function(i) subject + rnorm(24)))
repeated("many rows", sapply(1:5, function(i) rnorm(300, i / 10) + rnorm(300)))
ratings <- sapply(c(0.2, 0.4, 0.5), function(p) 1 + rbinom(40, 4, p))
repeated("ratings with ties", ratings)
repeated("five rows", matrix(c(3.1, 4.2, 6.5, 2.2, 2.9, 5.1, 4.4, 4.1, 7.7, 1.9, 3.6, 4.4, 2.8, 3.3, 6.9), 5, byrow = TRUE))
repeated("iris widths and lengths", iris[, 1:4])
repeated("anscombe", anscombe[, 5:8])
repeated("attitude", attitude[, 1:7])
repeated("fewer rows than measures", anscombe[1:3, 1:4] + matrix(c(1, 3, 2, 5, 4, 9, 7, 8, 6, 2, 0, 1), 3))
repeated("far from zero", 1e6 + sapply(c(0, 1, 3), function(step) round(subject + step + rnorm(24), 3)))
repeated("small numbers", 1e-3 * sapply(c(2, 2.5, 4), function(step) round(step + rnorm(15), 2)))
write_json(list(about = "Made by repeated.R with R", r = R.version.string, cases = cases),
           file.path(here, "repeated.json"), digits = NA, auto_unbox = TRUE, null = "null", na = "null")
