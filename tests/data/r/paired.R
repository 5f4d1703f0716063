# Makes paired.json: two measures of the same rows, by R itself.
# Run: Rscript tests/data/r/paired.R   (R 4.2 with jsonlite, effectsize)
suppressMessages({library(jsonlite); library(effectsize)})
options(warn = -1)
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
LEVEL <- 0.95
cases <- list()

# effectsize finds noncentralities by a simplex search, good to 3 or 4 digits; these are exact.
noncentral_t <- function(t, df, ncp) integrate(
  function(s) pnorm(t * s - ncp) * 2 * df * s * dchisq(df * s^2, df),
  sqrt(qchisq(1e-20, df) / df), sqrt(qchisq(1e-20, df, lower.tail = FALSE) / df),
  rel.tol = 1e-11, subdivisions = 2000, stop.on.error = FALSE)$value
ncp_t <- function(t, df) {
  if (t < 0) return(-rev(ncp_t(-t, df)))
  below <- if (t < 20) function(x) pt(t, df, ncp = x) else function(x) noncentral_t(t, df, x)
  sapply(c((1 + LEVEL) / 2, (1 - LEVEL) / 2), function(p) {
    high <- 2 * t + 10
    uniroot(function(x) below(x) - p, c(min(-10, t / 2), high), tol = 1e-13, maxiter = 10000)$root
  })
}
limits <- function(x) unname(unlist(x[c("CI_low", "CI_high")]))

# As effectsize, which for pairs (0.8.3) counts also the rows without a change among the ranked ones.
biserial_limits <- function(r, n) tanh(atanh(r) + c(-1, 1) * qnorm((1 + LEVEL) / 2) *
  sqrt((2 * n^3 + 3 * n^2 + n) / 6) / ((n^2 + n) / 2))

# Differences are y - x: what changed from the first measure to the second. `mu` is 0 for pairs.
paired <- function(name, x, y, mu = 0, kind = "paired") {
  x <- round(x, 6); y <- round(y, 6)  # so that JSON holds the very numbers
  d <- y - x; n <- length(d); df <- n - 1
  t <- if (kind == "paired") t.test(y, x, paired = TRUE) else t.test(y, mu = mu)
  rank <- if (kind == "paired") wilcox.test(y, x, paired = TRUE, conf.int = TRUE) else
    wilcox.test(y, mu = mu, conf.int = TRUE)
  shifted <- d - mu
  used <- shifted[shifted != 0]
  exact <- n < 50 && all(shifted != 0) && !anyDuplicated(abs(shifted))
  walsh <- outer(used, used, "+") / 2
  unbiased <- exp(lgamma(df / 2) - log(sqrt(df / 2)) - lgamma((df - 1) / 2))
  dz <- cohens_d(y, x, paired = TRUE, mu = mu); g <- hedges_g(y, x, paired = TRUE, mu = mu)
  rb <- rank_biserial(y, x, paired = TRUE, mu = mu)
  shapiro <- if (n >= 3 && n <= 5000) shapiro.test(d)[c("statistic", "p.value")]
  cases[[length(cases) + 1]] <<- list(
    name = name, kind = kind, mu = mu, data = if (kind == "paired") list(x, y) else list(y),
    expected = list(
      t = list(statistic = t$statistic, df = t$parameter, p = t$p.value,
               difference = mean(d), interval = as.numeric(t$conf.int)),
      rank = list(v = rank$statistic, p = rank$p.value, exact = exact,
                  shift = mu + median(walsh[upper.tri(walsh, diag = TRUE)]),
                  interval = as.numeric(rank$conf.int)),
      dz = list(value = dz$Cohens_d, interval = ncp_t(t$statistic, df) / sqrt(n), effectsize = limits(dz)),
      g = list(value = g$Hedges_g, interval = ncp_t(t$statistic, df) / sqrt(n) * unbiased,
               effectsize = limits(g)),
      biserial = list(value = rb$r_rank_biserial, interval = biserial_limits(rb$r_rank_biserial, length(used)),
                      effectsize = limits(rb)),
      shapiro = shapiro))
}
single <- function(name, y, mu) paired(name, rep(0, length(y)), y, mu, kind = "single")

paired("sleep", sleep$extra[1:10], sleep$extra[11:20])
paired("immer yields", MASS::immer$Y1, MASS::immer$Y2)
paired("anorexia, treated", MASS::anorexia$Prewt[MASS::anorexia$Treat == "FT"],
       MASS::anorexia$Postwt[MASS::anorexia$Treat == "FT"])
paired("anorexia, all", MASS::anorexia$Prewt, MASS::anorexia$Postwt)
paired("shoes", MASS::shoes$A, MASS::shoes$B)
set.seed(4); a <- rnorm(12, 50, 8)
paired("twelve, no ties", a, a + rnorm(12, 3, 4))
paired("hardly any change", a, a + rnorm(12, 0, 4))
paired("all up", a, a + runif(12, 1, 4))
b <- sample(1:5, 60, TRUE)
paired("ratings with zeros", b, pmin(5, pmax(1, b + sample(c(-1, 0, 0, 1, 1), 60, TRUE))))
c <- rlnorm(200, 3, 1)
paired("two hundred, skewed", c, c * rlnorm(200, 0.1, 0.3))
paired("forty-nine", c[1:49], c[1:49] + rnorm(49))
paired("fifty", c[1:50], c[1:50] + rnorm(50, 0.5))
paired("three rows", c(1.5, 2.25, 9), c(2.5, 3.75, 9.5))
paired("far from zero", 1e6 + a, 1e6 + a + rnorm(12, 1, 2))
single("extra sleep", sleep$extra, 0)
single("mtcars mpg against 20", mtcars$mpg, 20)
single("ozone against 40", na.omit(airquality$Ozone), 40)
single("skewed against its mean", c, 30)
single("ratings against 3", b, 3)
single("women height against 65", women$height, 65)
single("chicks against 250", chickwts$weight, 250)
single("galaxies", MASS::galaxies / 1000, 20)
single("small", c(2.1, 3.4, 5.6, 2.2), 3)

write_json(list(about = "Made by paired.R with R", r = R.version.string, cases = cases),
           file.path(here, "paired.json"), digits = NA, auto_unbox = TRUE, null = "null", na = "null")
