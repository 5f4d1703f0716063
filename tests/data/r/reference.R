# Makes reference.json: the numbers that jobs/analysis must agree with, computed by R itself.
# Run: Rscript tests/data/r/reference.R   (R 4.2 with jsonlite, car, effectsize, rstatix)
# Every case carries its data, so that the tests need no R.
suppressMessages({library(jsonlite); library(effectsize)})
options(warn = -1, contrasts = c("contr.treatment", "contr.poly"))
LEVEL <- 0.95
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
cases <- list()

# effectsize finds noncentralities by a simplex search, good to 3 or 4 digits; these are exact.
solve_ncp <- function(below, target, low, high) {
  if (below(low) <= target) return(low)
  while (below(high) > target) high <- 2 * high + 1
  uniroot(function(x) below(x) - target, c(low, high), tol = 1e-13, maxiter = 10000)$root
}
tails <- c((1 + LEVEL) / 2, (1 - LEVEL) / 2)
# R's own pt() gives up beyond a noncentrality of 37.62; this is its definition, an average over the spread.
noncentral_t <- function(t, df, ncp) integrate(
  function(s) pnorm(t * s - ncp) * 2 * df * s * dchisq(df * s^2, df),
  sqrt(qchisq(1e-20, df) / df), sqrt(qchisq(1e-20, df, lower.tail = FALSE) / df),
  rel.tol = 1e-11, subdivisions = 2000, stop.on.error = FALSE)$value
ncp_t <- function(t, df) {
  if (t < 0) return(-rev(ncp_t(-t, df)))
  below <- if (t < 20) function(x) pt(t, df, ncp = x) else function(x) noncentral_t(t, df, x)
  sapply(tails, function(p) solve_ncp(below, p, min(-10, t / 2), 2 * t + 10))
}
ncp_f <- function(f, df, df_error) sapply(tails, function(p)
  solve_ncp(function(x) pf(f, df, df_error, ncp = x), p, 0, 2 * f * df + 1))
ncp_chi <- function(chi, df) sapply(tails, function(p)
  solve_ncp(function(x) pchisq(chi, df, ncp = x), p, 0, 2 * chi + 1))
limits <- function(x) unname(unlist(x[c("CI_low", "CI_high")]))

describe <- function(x) list(
  n = length(x), mean = mean(x), sd = sd(x),
  interval = mean(x) + c(-1, 1) * qt((1 + LEVEL) / 2, length(x) - 1) * sd(x) / sqrt(length(x)),
  quartiles = as.numeric(quantile(x, type = 7)),
  skewness = if (length(x) > 2 && sd(x) > 0) e1071::skewness(x, type = 2) else NULL)

add <- function(name, kind, data, expected)
  cases[[length(cases) + 1]] <<- list(name = name, kind = kind, data = data, expected = expected)

two_groups <- function(name, x, y) {
  welch <- t.test(x, y); student <- t.test(x, y, var.equal = TRUE)
  rank <- wilcox.test(x, y, conf.int = TRUE)
  exact <- length(x) < 50 && length(y) < 50 && !anyDuplicated(c(x, y))
  n <- length(x); m <- length(y); df <- n + m - 2; hn <- 1 / n + 1 / m
  g <- hedges_g(x, y)
  unbiased <- exp(lgamma(df / 2) - log(sqrt(df / 2)) - lgamma((df - 1) / 2))
  rb <- rank_biserial(x, y)
  bf <- car::leveneTest(c(x, y), factor(rep(1:2, c(n, m))), center = median)
  residuals <- c(x - mean(x), y - mean(y))
  add(name, "two_groups", list(x, y), list(
    welch = list(t = welch$statistic, df = welch$parameter, p = welch$p.value,
                 difference = mean(x) - mean(y), interval = as.numeric(welch$conf.int)),
    student = list(t = student$statistic, df = student$parameter, p = student$p.value,
                   interval = as.numeric(student$conf.int)),
    rank = list(u = rank$statistic, p = rank$p.value, exact = exact,
                shift = median(outer(x, y, "-")), r_shift = rank$estimate,
                interval = as.numeric(rank$conf.int)),
    g = list(value = g$Hedges_g, interval = ncp_t(student$statistic, df) * sqrt(hn) * unbiased,
             effectsize = limits(g)),
    rank_biserial = list(value = rb$r_rank_biserial, interval = limits(rb)),
    brown_forsythe = list(f = bf[1, 2], p = bf[1, 3]),
    shapiro = if (length(residuals) <= 5000) shapiro.test(residuals)[c("statistic", "p.value")],
    groups = list(describe(x), describe(y))))
}

many_groups <- function(name, y, g) {
  g <- factor(g); samples <- split(y, g); d <- data.frame(y = y, g = g)
  welch <- oneway.test(y ~ g); classic <- anova(lm(y ~ g)); rank <- kruskal.test(y ~ g)
  f <- classic[1, 4]; df <- classic[1, 1]; dfe <- classic[2, 1]
  fit <- aov(y ~ g)
  om <- omega_squared(fit, alternative = "two.sided", verbose = FALSE, partial = FALSE)
  et <- eta_squared(fit, alternative = "two.sided", verbose = FALSE, partial = FALSE)
  share <- function(value) { l <- ncp_f((value / df) / ((1 - value) / dfe), df, dfe); l / (l + dfe) }
  omega <- max(0, ((f - 1) * df) / (f * df + dfe + 1))
  games <- as.data.frame(rstatix::games_howell_test(d, y ~ g, detailed = TRUE))
  dunn <- as.data.frame(rstatix::dunn_test(d, y ~ g, p.adjust.method = "holm", detailed = TRUE))
  hsd <- TukeyHSD(fit)$g
  k <- nlevels(g); pairs <- combn(k, 2)
  q <- apply(pairs, 2, function(p) {
    a <- samples[[p[1]]]; b <- samples[[p[2]]]; w <- t.test(a, b)
    c(abs(w$statistic) * sqrt(2), w$parameter, w$statistic)
  })
  bf <- car::leveneTest(y, g, center = median)
  add(name, "many_groups", unname(samples), list(
    levels = levels(g),
    welch = list(f = welch$statistic, df = as.numeric(welch$parameter), p = welch$p.value),
    classic = list(f = f, df = c(df, dfe), p = classic[1, 5]),
    rank = list(h = rank$statistic, df = rank$parameter, p = rank$p.value),
    omega = list(value = omega, interval = share(omega), effectsize = c(om$Omega2, limits(om))),
    eta = list(value = et$Eta2, interval = share(et$Eta2), effectsize = limits(et)),
    epsilon = as.numeric(rank$statistic) / (length(y) - 1),
    games_howell = list(t = q[3, ], df = q[2, ], p = ptukey(q[1, ], k, q[2, ], lower.tail = FALSE),
                        rstatix_p = games$p.adj, low = games$conf.low, high = games$conf.high),
    tukey = list(p = hsd[, "p adj"], low = -hsd[, "upr"], high = -hsd[, "lwr"]),
    dunn = list(z = -dunn$statistic, p = dunn$p.adj),
    brown_forsythe = list(f = bf[1, 2], p = bf[1, 3])))
}

paired <- function(name, x, y) {
  r <- cor.test(x, y); rho <- cor.test(x, y, method = "spearman"); fit <- lm(y ~ x)
  n <- length(x); z <- atanh(rho$estimate)
  reach <- qnorm((1 + LEVEL) / 2) * sqrt((1 + rho$estimate^2 / 2) / (n - 3))
  # HC3 as in car::hccm, which stops on a leverage close to 1
  slope <- unname(coef(fit)[2]); centred <- x - mean(x)
  error <- sqrt(sum((centred * resid(fit) / (1 - hatvalues(fit)))^2)) / sum(centred^2)
  if (name == "cars dist on speed") stopifnot(all.equal(error, sqrt(car::hccm(fit, type = "hc3")[2, 2])))
  add(name, "paired", list(x, y), list(
    pearson = list(r = r$estimate, p = r$p.value, interval = as.numeric(r$conf.int)),
    spearman = list(rho = rho$estimate, p = rho$p.value, interval = as.numeric(tanh(z + c(-reach, reach)))),
    line = list(intercept = unname(coef(fit)[1]), slope = slope, r_squared = summary(fit)$r.squared,
                interval = slope + c(-1, 1) * qt((1 + LEVEL) / 2, n - 2) * error, t = slope / error,
                p = 2 * pt(-abs(slope / error), n - 2))))
}

crossed <- function(name, counts) {
  counts <- unclass(as.matrix(counts)); dimnames(counts) <- NULL
  chi <- chisq.test(counts, correct = FALSE); n <- sum(counts)
  v <- cramers_v(counts, adjust = FALSE, alternative = "two.sided")
  r <- nrow(counts); c <- ncol(counts)
  phi2 <- max(0, chi$statistic / n - (r - 1) * (c - 1) / (n - 1))
  corrected <- sqrt(phi2 / (min(r - (r - 1)^2 / (n - 1), c - (c - 1)^2 / (n - 1)) - 1))
  expected <- list(
    chi2 = list(statistic = chi$statistic, df = chi$parameter, p = chi$p.value,
                expected = chi$expected, residuals = chi$stdres),
    v = list(value = sqrt(as.numeric(chi$statistic) / n / (min(r, c) - 1)), effectsize = c(v[[1]], limits(v)),
             interval = pmin(1, sqrt(ncp_chi(chi$statistic, chi$parameter) / n / (min(r, c) - 1)))),
    corrected = corrected)
  if (r == 2 && c == 2) {
    expected$fisher <- fisher.test(counts)$p.value
    shares <- lapply(1:2, function(i) prop.test(counts[i, 1], sum(counts[i, ]), correct = FALSE))
    p <- sapply(shares, function(s) s$estimate); l <- sapply(shares, function(s) s$conf.int)
    expected$difference <- c(p[1] - p[2],
      p[1] - p[2] - sqrt((p[1] - l[1, 1])^2 + (l[2, 2] - p[2])^2),
      p[1] - p[2] + sqrt((l[2, 1] - p[1])^2 + (p[2] - l[1, 2])^2))
    if (all(counts > 0)) {
      or <- oddsratio(counts); expected$odds <- c(or$Odds_ratio, limits(or))
    }
  } else {
    set.seed(1); expected$permutation <- chisq.test(counts, simulate.p.value = TRUE, B = 200000)$p.value
  }
  add(name, "crossed", counts, expected)
}

single <- function(name, x) add(name, "single", x, c(describe(x), list(
  shapiro = if (length(x) >= 3 && length(x) <= 5000) shapiro.test(x)[c("statistic", "p.value")])))

# --- two groups
with(ToothGrowth, two_groups("ToothGrowth len by supp", len[supp == "OJ"], len[supp == "VC"]))
with(mtcars, two_groups("mtcars mpg by am", mpg[am == 0], mpg[am == 1]))
with(mtcars, two_groups("mtcars hp by vs", hp[vs == 0], hp[vs == 1]))
with(sleep, two_groups("sleep extra by group", extra[group == 1], extra[group == 2]))
with(warpbreaks, two_groups("warpbreaks breaks by wool", breaks[wool == "A"], breaks[wool == "B"]))
with(infert, two_groups("infert age by case", age[case == 0], age[case == 1]))
with(airquality, two_groups("airquality Temp, May and August", Temp[Month == 5], Temp[Month == 8]))
with(iris, two_groups("iris Petal.Length, setosa and virginica",
                      Petal.Length[Species == "setosa"], Petal.Length[Species == "virginica"]))
with(quakes, two_groups("quakes mag by depth", mag[depth < 300], mag[depth >= 300]))
set.seed(7)
two_groups("edge: two values each", c(1.5, 2.25), c(7, 9.5))
two_groups("edge: no ties, exact, 12 and 17", rnorm(12), rnorm(17, 0.8))
two_groups("edge: no ties, exact at 49", rnorm(49), rexp(49))
two_groups("edge: no ties, approximate at 50", rnorm(50), rexp(49))
two_groups("edge: large offset", 1e4 + c(1, 2, 3, 5, 8), 1e4 + c(4, 7, 9, 10, 13))
two_groups("edge: tiny values", 1e-12 * c(1.1, 2, 3.7, 5, 8), 1e-12 * c(4, 7.3, 9, 10, 13))
two_groups("edge: very unequal spread and size", rnorm(5, 0, 20), rnorm(60))
two_groups("edge: far apart", rnorm(20), rnorm(25, 12))
two_groups("edge: one constant group", c(3, 3, 3, 3), c(4, 5, 7, 9.5))

# --- many groups
many_groups("PlantGrowth weight by group", PlantGrowth$weight, PlantGrowth$group)
many_groups("chickwts weight by feed", chickwts$weight, chickwts$feed)
many_groups("iris Sepal.Width by Species", iris$Sepal.Width, iris$Species)
many_groups("iris Petal.Length by Species", iris$Petal.Length, iris$Species)
with(na.omit(airquality), many_groups("airquality Ozone by Month", Ozone, Month))
many_groups("mtcars mpg by cyl", mtcars$mpg, mtcars$cyl)
many_groups("ToothGrowth len by dose", ToothGrowth$len, ToothGrowth$dose)
many_groups("warpbreaks breaks by tension", warpbreaks$breaks, warpbreaks$tension)
many_groups("InsectSprays count by spray", InsectSprays$count, InsectSprays$spray)
many_groups("infert age by education", infert$age, infert$education)
many_groups("edge: 20 groups", rnorm(400, rep(1:20, 20) / 10), rep(1:20, 20))
many_groups("edge: nothing between", c(1, 2, 3, 4, 1, 2, 3, 4.1, 1, 2.1, 3, 4), rep(1:3, each = 4))

# --- number and number
paired("cars dist on speed", cars$speed, cars$dist)
paired("women weight on height", women$height, women$weight)
paired("mtcars mpg on wt", mtcars$wt, mtcars$mpg)
paired("mtcars mpg on disp", mtcars$disp, mtcars$mpg)
paired("iris Petal.Width on Petal.Length", iris$Petal.Length, iris$Petal.Width)
paired("quakes stations on mag", quakes$mag, quakes$stations)
with(na.omit(airquality), paired("airquality Ozone on Temp", Temp, Ozone))
paired("faithful waiting on eruptions", faithful$eruptions, faithful$waiting)
paired("edge: 4 pairs", c(1, 2, 3, 4.5), c(2, 1, 4, 3))
paired("edge: 9 pairs, exact rho", rnorm(9), rnorm(9))
paired("edge: 10 pairs, series", 1:10, c(3, 1, 2, 6, 4, 5, 9, 7, 10, 8))
paired("edge: 10 pairs, falling", 1:10, -c(3, 1, 2, 6, 4, 5, 9, 7, 10, 8))
x <- rnorm(300); paired("edge: 300 pairs, no ties", x, 0.1 * x + rnorm(300))
x <- rnorm(1400); paired("edge: 1400 pairs, no ties", round(x, 9), round(-0.05 * x + rnorm(1400), 9))
paired("edge: large offset", 1e5 + 1:12, 1e-6 * c(3, 1, 2, 6, 4, 5, 9, 7, 10, 8, 12, 13))

# --- category by category
crossed("HairEyeColor hair by eye", apply(HairEyeColor, c(1, 2), sum))
crossed("HairEyeColor hair by sex", apply(HairEyeColor, c(1, 3), sum))
crossed("Titanic class by survived", apply(Titanic, c(1, 4), sum))
crossed("Titanic sex by survived", apply(Titanic, c(2, 4), sum))
crossed("Titanic age by survived", apply(Titanic, c(3, 4), sum))
crossed("mtcars cyl by gear", table(mtcars$cyl, mtcars$gear))
crossed("mtcars am by vs", table(mtcars$am, mtcars$vs))
crossed("infert education by induced", table(infert$education, infert$induced))
crossed("edge: tea", matrix(c(3, 1, 1, 3), 2))
crossed("edge: an empty cell", matrix(c(0, 6, 9, 4), 2))
crossed("edge: independent exactly", matrix(c(10, 20, 30, 60), 2))
crossed("esoph agegp by cases", with(esoph, table(agegp, pmin(ncases, 3))))

# --- one number
single("mtcars mpg", mtcars$mpg)
single("quakes depth", quakes$depth)
single("rivers", as.numeric(rivers))
single("precip", as.numeric(precip))
single("edge: three values", c(1, 2, 10))

# --- further edges, after the others so that the random numbers above stay the same
two_groups("edge: two values in all", c(0, 0, 0, 1, 1, 0, 0, 1), c(1, 1, 0, 1, 1, 1, 0))
two_groups("edge: two and three values", c(1.5, 2.5), c(3.25, 2, 7))
two_groups("edge: nearly alike", c(5.1, 5.2, 5.3, 5.4), c(5.100001, 5.2, 5.3, 5.4))
two_groups("edge: offset of a million", 1e6 + c(1.5, 2, 3.25, 5, 8), 1e6 + c(4, 7, 9.5, 10, 13, 2.75))
many_groups("edge: three groups of three", c(1, 2.5, 0.5, 4, 3.5, 6, 9, 7.25, 8), rep(1:3, each = 3))
many_groups("edge: offset of a million", 1e6 + c(1, 2, 4, 8, 3, 5, 9, 6, 11, 10, 14, 17), rep(1:4, each = 3))
many_groups("edge: two values in all", rep(c(0, 1, 1, 0, 1, 0, 0), 6), rep(1:3, each = 14))
many_groups("edge: very unequal sizes", c(rnorm(3), rnorm(9, 1), rnorm(120, 0.5, 4)), rep(1:3, c(3, 9, 120)))
paired("edge: ties in both", rep(1:5, 8), c(rep(1:4, 9), 5, 5, 1, 2))
paired("edge: nearly a line", 1:20, 3 + 2 * 1:20 + 1e-4 * cos(1:20))
paired("edge: no relation", 1:16, c(1, -1, -1, 1, -1, 1, 1, -1, -1, 1, 1, -1, 1, -1, -1, 1.5))
crossed("edge: large counts", matrix(c(120000, 118500, 90000, 91000), 2))
crossed("edge: two rows, five columns, sparse", matrix(c(1, 4, 0, 3, 2, 0, 5, 1, 2, 2), 2))
crossed("edge: four rows in all", matrix(c(2, 0, 0, 2), 2))
single("edge: two values", c(1, 4))
single("edge: far from zero", 1e7 + c(0.5, 2, 3.25, 9, 4))

# --- the studentized range, where R itself is accurate (10 degrees of freedom and more)
grid <- expand.grid(q = c(0.05, 0.5, 1, 2, 3.5, 5, 8), groups = c(2, 3, 5, 10, 20), df = c(10, 30, 120, 1000, 20000))
grid$p <- with(grid, ptukey(q, groups, df, lower.tail = FALSE))

writeLines(toJSON(list(r = R.version.string, effectsize = as.character(packageVersion("effectsize")),
  level = LEVEL, cases = cases, studentized_range = grid), digits = I(17), auto_unbox = TRUE, null = "null"),
  file.path(here, "reference.json"))
cat(length(cases), "cases\n")
