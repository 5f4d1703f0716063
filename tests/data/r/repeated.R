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
  fit <- lm(m ~ 1)
  table <- anova(fit, X = ~1, test = "Spherical")
  mauchly <- mauchly.test(fit, X = ~1)
  friedman <- friedman.test(m)
  y <- as.numeric(m); g <- factor(rep(1:k, each = n)); s <- factor(rep(1:n, k))
  parts <- summary(aov(y ~ g + Error(s)))[["Error: Within"]][[1]]
  f <- parts[1, "F value"]; df <- k - 1; dfe <- (n - 1) * (k - 1)
  eta <- parts[1, "Sum Sq"] / sum(parts[, "Sum Sq"]); ncp <- ncp_f(f, df, dfe)
  t <- pairwise.t.test(y, g, paired = TRUE, p.adjust.method = "holm")$p.value
  w <- pairwise.wilcox.test(y, g, paired = TRUE, p.adjust.method = "holm")$p.value
  pairs <- t(combn(k, 2))
  cases[[length(cases) + 1]] <<- list(name = name, data = m, expected = list(
    f = table$F[1], epsilon = attr(table, "heading") |> (\(h) as.numeric(sub(".*epsilon: *", "", h[grep("Greenhouse", h)])))(),
    gg = table[["G-G Pr"]][1], plain_p = table[["Pr(>F)"]][1],
    mauchly = list(w = unname(mauchly$statistic), p = mauchly$p.value),
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
write_json(list(about = "Made by repeated.R with R", r = R.version.string, cases = cases),
           file.path(here, "repeated.json"), digits = NA, auto_unbox = TRUE, null = "null", na = "null")
