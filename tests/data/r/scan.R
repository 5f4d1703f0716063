# Makes scan.json: values far out, shapes of distributions, and missing values, by R itself.
# Anderson-Darling and D'Agostino-Pearson are not in base R: they are computed here from their formulas.
# Run: Rscript tests/data/r/scan.R   (R 4.2 with jsonlite, e1071, MASS)
suppressMessages({library(jsonlite); library(e1071)})
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
set.seed(11)
samples <- list(ozone = na.omit(airquality$Ozone), islands = as.numeric(islands), rivers = rivers, precip = as.numeric(precip),
  galaxies = MASS::galaxies, `mostly equal` = c(rep(4, 20), 5, 9, 4.5, 30), `half equal` = c(rep(1, 9), 2, 2, 3, 3, 14),
  normal = round(rnorm(300, 50, 9), 3), lognormal = round(rlnorm(120, 1, 1.2), 4), `heavy tails` = round(rt(400, 2), 4),
  quakes = quakes$mag, `far from zero` = 1e6 + round(rnorm(60), 3))
outliers <- function(x) {
  q <- quantile(x, c(.25, .5, .75), names = FALSE); iqr <- IQR(x); m <- mad(x, constant = 1)
  z <- if (m > 0) 0.6745 * (x - q[2]) / m else (x - q[2]) / (1.253314 * mean(abs(x - q[2])))
  inner <- iqr > 0 & (x < q[1] - 1.5 * iqr | x > q[3] + 1.5 * iqr); outer <- iqr > 0 & (x < q[1] - 3 * iqr | x > q[3] + 3 * iqr)
  marked <- inner | abs(z) > 3.5; rest <- x[!marked]
  list(quartiles = q, fences = c(q[1] - 1.5 * iqr, q[3] + 1.5 * iqr, q[1] - 3 * iqr, q[3] + 3 * iqr), counts = c(sum(inner), sum(outer),
    sum(abs(z) > 3.5), sum(marked)), rows = I(which(marked)), scores = I(z[marked]), without = c(length(rest), mean(rest), sd(rest), median(rest)))
}
shape <- function(x) {
  n <- length(x); s <- skewness(x, type = 2); k <- kurtosis(x, type = 2)
  es <- sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3))); ek <- 2 * es * sqrt((n^2 - 1) / ((n - 3) * (n + 5)))
  y <- sort((x - mean(x)) / sd(x)); i <- seq_len(n)
  a <- -n - mean((2 * i - 1) * (pnorm(y, log.p = TRUE) + pnorm(rev(y), lower.tail = FALSE, log.p = TRUE)))
  aa <- a * (1 + 0.75 / n + 2.25 / n^2)
  p <- if (aa < .2) 1 - exp(-13.436 + 101.14 * aa - 223.73 * aa^2) else if (aa < .34) 1 - exp(-8.318 + 42.796 * aa - 59.938 * aa^2) else
    if (aa < .6) exp(0.9177 - 4.279 * aa - 1.38 * aa^2) else if (aa < 10) exp(1.2937 - 5.709 * aa + 0.0186 * aa^2) else 3.7e-24
  b <- mean((x - mean(x))^3) / mean((x - mean(x))^2)^1.5   # D'Agostino 1970
  Y <- b * sqrt((n + 1) * (n + 3) / (6 * (n - 2))); B <- 3 * (n^2 + 27 * n - 70) * (n + 1) * (n + 3) / ((n - 2) * (n + 5) * (n + 7) * (n + 9))
  W <- -1 + sqrt(2 * (B - 1)); z1 <- asinh(Y / sqrt(2 / (W - 1))) / sqrt(log(sqrt(W)))
  b2 <- mean((x - mean(x))^4) / mean((x - mean(x))^2)^2   # Anscombe & Glynn 1983
  E <- 3 * (n - 1) / (n + 1); V <- 24 * n * (n - 2) * (n - 3) / ((n + 1)^2 * (n + 3) * (n + 5)); X <- (b2 - E) / sqrt(V)
  S <- 6 * (n^2 - 5 * n + 2) / ((n + 7) * (n + 9)) * sqrt(6 * (n + 3) * (n + 5) / (n * (n - 2) * (n - 3)))
  A <- 6 + 8 / S * (2 / S + sqrt(1 + 4 / S^2)); t <- (1 - 2 / A) / (1 + X * sqrt(2 / (A - 4)))
  z2 <- (1 - 2 / (9 * A) - sign(t) * abs(t)^(1 / 3)) / sqrt(2 / (9 * A)); k2 <- z1^2 + z2^2
  w <- shapiro.test(x)
  list(skewness = c(s, es), kurtosis = c(k, ek), shapiro = c(w$statistic[[1]], w$p.value), anderson = c(a, p),
    dagostino = c(k2, pchisq(k2, 2, lower.tail = FALSE)), within = mean(abs(x - mean(x)) <= 2 * sd(x)) * 100)
}
columns <- lapply(names(samples), function(name) { x <- as.numeric(samples[[name]])
  list(name = name, data = x, outliers = outliers(x), shape = shape(x)) })
links <- function(table) {
  gaps <- names(table)[sapply(table, function(x) sum(is.na(x)) >= 5 && sum(!is.na(x)) >= 5)]; found <- list()
  for (gap in gaps) for (other in setdiff(names(table), gap)) { x <- table[[other]]; lacks <- is.na(table[[gap]])
    keep <- !is.na(x); x <- x[keep]; lacks <- lacks[keep]
    if (min(sum(lacks), sum(!lacks)) < 5 || length(unique(x)) < 2) next
    one <- if (is.numeric(x)) t.test(x[lacks], x[!lacks]) else suppressWarnings(chisq.test(lacks, factor(x), correct = FALSE))
    found[[length(found) + 1]] <- list(column = gap, other = other, statistic = one$statistic[[1]], df = one$parameter[[1]], p = one$p.value) }
  adjusted <- p.adjust(sapply(found, function(f) f$p), "holm")
  Map(function(f, a) c(f, holm = a), found, adjusted)
}
tables <- lapply(c("airquality", "survey"), function(name) {
  x <- read.csv(file.path(here, "../tables", paste0(name, ".csv")), stringsAsFactors = FALSE)
  if (name == "survey") x[x == ""] <- NA
  list(name = name, missing = sapply(x, function(v) sum(is.na(v))), complete = sum(complete.cases(x)), links = unname(links(x))) })
write_json(list(about = "Made by scan.R with R", r = R.version.string, columns = columns, tables = tables),
           file.path(here, "scan.json"), digits = NA, auto_unbox = TRUE, null = "null")
