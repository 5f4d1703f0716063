# Makes models.json: models of a number, of yes or no, and of a count, computed by R itself.
# Run: Rscript tests/data/r/models.R   (R 4.2 with jsonlite, car, MASS)
# Every case carries its data, so that the tests need no R.
suppressMessages({library(jsonlite); library(MASS)})
options(warn = -1, contrasts = c("contr.treatment", "contr.poly"))
LEVEL <- 0.95
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
cases <- list()
tails <- c((1 + LEVEL) / 2, (1 - LEVEL) / 2)
solve_ncp <- function(below, target, low, high) {
  if (below(low) <= target) return(low)
  while (below(high) > target) high <- 2 * high + 1
  uniroot(function(x) below(x) - target, c(low, high), tol = 1e-13, maxiter = 10000)$root
}
ncp_f <- function(f, df, df_error) sapply(tails, function(p)
  solve_ncp(function(x) pf(f, df, df_error, ncp = x), p, 0, 2 * f * df + 1))
column <- function(x) if (is.factor(x)) list(levels = levels(x), codes = as.integer(x) - 1) else list(values = x)
add <- function(name, kind, y, frame, expected) cases[[length(cases) + 1]] <<- list(
  name = name, kind = kind, y = y, names = I(names(frame)), columns = unname(lapply(frame, column)),
  expected = expected)

inflation <- function(model) {
  if (length(attr(terms(model), "term.labels")) < 2) return(1)
  found <- car::vif(model)
  if (is.matrix(found)) unname(found[, 3]^2) else unname(found)
}
terms_of <- function(frame) split(seq_along(unlist(lapply(frame, function(x)
  rep(1, if (is.factor(x)) nlevels(x) - 1 else 1)))) + 1, rep(seq_along(frame), sapply(frame, function(x)
  if (is.factor(x)) nlevels(x) - 1 else 1)))

# As car::hccm(model, type = "hc3"), which refuses models whose residuals are very unequal.
hc3 <- function(model) {
  design <- model.matrix(model); bread <- chol2inv(qr.R(model$qr))
  apart <- design * (residuals(model) / (1 - hatvalues(model)))
  found <- bread %*% crossprod(apart) %*% bread; dimnames(found) <- rep(list(names(coef(model))), 2); found
}
least_squares <- function(name, y, frame) {
  model <- lm(y ~ ., data = frame); found <- summary(model); n <- length(y); k <- length(coef(model)) - 1
  robust <- hc3(model); error <- sqrt(diag(robust))
  t <- coef(model) / error; df <- model$df.residual
  half <- qt((1 + LEVEL) / 2, df) * error
  every <- names(coef(model))[-1]
  # As car::linearHypothesis(model, every, vcov. = robust), to one scale first.
  part <- robust[every, every, drop = FALSE]; size <- sqrt(diag(part)); unit <- coef(model)[every] / size
  wald <- drop(unit %*% solve(part / outer(size, size), unit)) / k
  single <- car::Anova(model, vcov. = robust); single <- single[rownames(single) != "Residuals", ]
  classic <- car::Anova(model); rss <- classic["Residuals", "Sum Sq"]
  squares <- classic[rownames(classic) != "Residuals", "Sum Sq"]
  f <- found$fstatistic; limits <- ncp_f(f[1], f[2], f[3])
  sds <- unlist(lapply(frame, function(x) if (is.factor(x)) rep(1, nlevels(x) - 1) else sd(x)))
  folds <- (seq_len(n) * 7) %% 5
  top <- bottom <- 0
  for (fold in 0:4) {
    part <- lm(y[folds != fold] ~ ., data = frame[folds != fold, , drop = FALSE])
    told <- predict(part, frame[folds == fold, , drop = FALSE])
    top <- top + sum((y[folds == fold] - told)^2)
    bottom <- bottom + sum((y[folds == fold] - mean(y[folds != fold]))^2)
  }
  add(name, "least_squares", y, frame, list(
    estimate = unname(coef(model)), error = unname(error), t = unname(t), p = unname(2 * pt(-abs(t), df)),
    low = unname(coef(model) - half), high = unname(coef(model) + half),
    standardised = unname(coef(model)[-1] * sds / sd(y)),
    wald = list(f = wald, p = pf(wald, k, df, lower.tail = FALSE)),
    classic = list(f = unname(f[1]), p = unname(pf(f[1], f[2], f[3], lower.tail = FALSE))),
    terms = list(f = single$F, p = single$`Pr(>F)`, partial = squares / (squares + rss),
                 inflation = inflation(model)),
    r_squared = found$r.squared, adjusted = found$adj.r.squared, sd = found$sigma,
    interval = limits / (limits + f[3]), folds = folds, unseen = 1 - top / bottom))
}

# The limit at which the deviance, all other coefficients refitted, has risen by the quantile of chi2.
tight <- glm.control(epsilon = 1e-14, maxit = 200)
profile_limits <- function(y, design, family, place) {
  whole <- glm.fit(design, y, family = family, control = tight)
  target <- qchisq(LEVEL, 1)
  error <- sqrt(diag(chol2inv(whole$qr$qr[1:ncol(design), 1:ncol(design), drop = FALSE])))
  pivot <- whole$qr$pivot; error[pivot] <- error
  rise <- function(value) glm.fit(design[, -place, drop = FALSE], y, family = family,
    offset = design[, place] * value, control = tight)$deviance - whole$deviance - target
  centre <- whole$coefficients[place]
  sapply(c(-1, 1), function(side) {
    far <- 2; while (rise(centre + side * far * error[place]) < 0) far <- far * 1.5
    uniroot(rise, sort(c(centre, centre + side * far * error[place])), tol = 1e-12)$root
  })
}
settled <- function(y, frame, family) {
  model <- glm(y ~ ., data = frame, family = family, control = tight)
  for (again in 1:30) model <- glm(y ~ ., data = frame, family = family, control = tight, start = coef(model))
  model
}
general <- function(name, kind, y, frame, family, dispersion = 1) {
  # Once more from its own end: glm keeps the covariance of the step before the last.
  model <- settled(y, frame, family)
  design <- model.matrix(model); null <- glm(y ~ 1, family = family, control = tight)
  covariance <- summary(model, dispersion = 1)$cov.scaled
  error <- sqrt(diag(covariance)); z <- coef(model) / error
  half <- qnorm((1 + LEVEL) / 2) * error
  ratio <- null$deviance - model$deviance; k <- length(coef(model)) - 1
  groups <- terms_of(frame)
  wald <- sapply(groups, function(g) drop(coef(model)[g] %*% solve(covariance[g, g, drop = FALSE], coef(model)[g])))
  base <- list(
    estimate = unname(coef(model)), error = unname(error), z = unname(z), p = unname(2 * pnorm(-abs(z))),
    low = unname(coef(model) - half), high = unname(coef(model) + half),
    profile = t(sapply(seq_along(coef(model)), function(j) profile_limits(y, design, family, j))),
    ratio = list(chi = ratio, df = k, p = pchisq(ratio, k, lower.tail = FALSE)),
    wald = list(chi = drop(coef(model)[-1] %*% solve(covariance[-1, -1, drop = FALSE], coef(model)[-1]))),
    terms = list(chi = unname(wald), p = unname(pchisq(wald, lengths(groups), lower.tail = FALSE)),
                 inflation = inflation(model)),
    log_likelihood = as.numeric(logLik(model)), null_log_likelihood = as.numeric(logLik(null)), aic = AIC(model),
    deviance = model$deviance, null_deviance = null$deviance,
    pearson = sum(residuals(model, "pearson")^2) / model$df.residual)
  list(model = model, base = base)
}
delong <- function(y, p) {
  a <- p[y == 1]; b <- p[y == 0]
  over <- outer(a, b, function(u, v) (u > v) + (u == v) / 2)
  auc <- mean(over)
  error <- sqrt(var(rowMeans(over)) / length(a) + var(colMeans(over)) / length(b))
  list(auc = auc, interval = pmin(1, pmax(0, auc + c(-1, 1) * qnorm((1 + LEVEL) / 2) * error)))
}
yes_no <- function(name, y, frame) {
  found <- general(name, "yes_no", y, frame, binomial())
  p <- fitted(found$model)
  add(name, "yes_no", y, frame, c(found$base, list(
    mcfadden = 1 - found$base$log_likelihood / found$base$null_log_likelihood,
    tjur = mean(p[y == 1]) - mean(p[y == 0]), roc = delong(y, p))))
}
poisson_counts <- function(name, y, frame)
  add(name, "poisson", y, frame, general(name, "poisson", y, frame, poisson())$base)
negative_binomial <- function(name, y, frame) {
  model <- glm.nb(y ~ ., data = frame, control = glm.control(epsilon = 1e-14, maxit = 500))
  # glm.nb stops early; the likelihood is brought to its top in theta.
  exact <- function(log_theta) {
    fit <- settled(y, frame, negative.binomial(exp(log_theta)))
    mu <- fitted(fit); th <- exp(log_theta)
    sum(digamma(th + y) - digamma(th) + log(th) + 1 - log(th + mu) - (y + th) / (mu + th))
  }
  theta <- exp(uniroot(exact, log(model$theta) + c(-0.05, 0.05), tol = 1e-14)$root)
  found <- general(name, "negative_binomial", y, frame, negative.binomial(theta))
  mu <- fitted(found$model)
  likelihood <- sum(dnbinom(y, size = theta, mu = mu, log = TRUE))
  score0 <- function(log_theta) { th <- exp(log_theta); m <- mean(y)
    sum(digamma(th + y) - digamma(th) + log(th) + 1 - log(th + m) - (y + th) / (m + th)) }
  theta0 <- exp(uniroot(score0, c(-8, 8), tol = 1e-14)$root)
  null <- sum(dnbinom(y, size = theta0, mu = mean(y), log = TRUE))
  found$base$log_likelihood <- likelihood; found$base$null_log_likelihood <- null
  chi <- 2 * (likelihood - null); df <- length(coef(model)) - 1
  found$base$ratio <- list(chi = chi, df = df, p = pchisq(chi, df, lower.tail = FALSE))
  found$base$aic <- -2 * likelihood + 2 * (df + 2)
  add(name, "negative_binomial", y, frame, c(found$base, list(theta = theta)))
}

least_squares("mtcars: two numbers", mtcars$mpg, mtcars[c("wt", "hp")])
least_squares("mtcars: numbers and categories", mtcars$mpg,
              data.frame(wt = mtcars$wt, cyl = factor(mtcars$cyl), am = factor(mtcars$am)))
least_squares("stackloss", stackloss$stack.loss, stackloss[1:3])
least_squares("attitude", attitude$rating, attitude[-1])
least_squares("swiss", swiss$Fertility, swiss[-1])
least_squares("birthwt", birthwt$bwt, data.frame(age = birthwt$age, lwt = birthwt$lwt,
              race = factor(birthwt$race), smoke = factor(birthwt$smoke)))
least_squares("iris", iris$Petal.Width, data.frame(length = iris$Sepal.Length, species = iris$Species))
least_squares("chickwts: one category", chickwts$weight, data.frame(feed = chickwts$feed))
least_squares("CO2", as.numeric(CO2$uptake), data.frame(conc = CO2$conc, type = factor(as.character(CO2$Type)),
              treatment = factor(as.character(CO2$Treatment))))
yes_no("birthwt", birthwt$low, data.frame(age = birthwt$age, lwt = birthwt$lwt, race = factor(birthwt$race),
       smoke = factor(birthwt$smoke)))
yes_no("mtcars: one number", mtcars$am, mtcars["wt"])
yes_no("infert", infert$case, data.frame(age = infert$age, parity = infert$parity,
       education = infert$education, spontaneous = infert$spontaneous))
titanic <- as.data.frame(Titanic); titanic <- titanic[rep(seq_len(nrow(titanic)), titanic$Freq), ]
yes_no("Titanic", as.integer(titanic$Survived == "Yes"), data.frame(Class = factor(as.character(titanic$Class)),
       Sex = factor(as.character(titanic$Sex)), Age = factor(as.character(titanic$Age))))
yes_no("Pima", as.integer(Pima.tr$type == "Yes"), Pima.tr[c("npreg", "glu", "bmi", "ped", "age")])
poisson_counts("warpbreaks", warpbreaks$breaks, warpbreaks[c("wool", "tension")])
poisson_counts("InsectSprays", InsectSprays$count, data.frame(spray = InsectSprays$spray))
poisson_counts("esoph", as.numeric(esoph$ncases), data.frame(age = as.numeric(esoph$agegp), alcohol = as.numeric(esoph$alcgp)))
negative_binomial("quine", quine$Days, quine[c("Eth", "Sex", "Age", "Lrn")])
negative_binomial("warpbreaks", warpbreaks$breaks, warpbreaks[c("wool", "tension")])
negative_binomial("epil", epil$y, data.frame(base = epil$base, age = epil$age, trt = epil$trt))
least_squares("six rows", c(1.2, 2.1, 2.8, 4.4, 4.9, 6.3), data.frame(x = c(1, 2, 3, 4, 5, 7), z = c(2, 1, 4, 3, 6, 5)))
yes_no("close to separation", c(0, 0, 0, 0, 0, 1, 0, 1, 1, 1, 1, 1), data.frame(x = c(1:12)))
yes_no("few events", as.integer(seq_len(200) %in% c(11, 75, 120, 160, 198)), data.frame(x = round(log(1:200), 6)))
yes_no("menarche", rep(c(1, 0), c(sum(menarche$Menarche), sum(menarche$Total - menarche$Menarche))),
       data.frame(age = c(rep(menarche$Age, menarche$Menarche), rep(menarche$Age, menarche$Total - menarche$Menarche))))
poisson_counts("many zeros", c(0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 1, 3, 0, 0, 5, 0, 1, 0, 2, 7), data.frame(x = 1:20))
poisson_counts("large counts", discoveries[1:60] * 1000 + 7, data.frame(year = 1:60))
poisson_counts("two groups", c(3, 5, 2, 4, 8, 9, 12, 7), data.frame(g = factor(rep(c("a", "b"), each = 4))))
negative_binomial("discoveries", as.numeric(discoveries), data.frame(year = 1:100))
negative_binomial("ship damage", ships$incidents[ships$service > 0], data.frame(type = ships$type[ships$service > 0]))
negative_binomial("twenty rows", c(0, 3, 1, 9, 4, 0, 12, 2, 7, 25, 3, 8, 0, 14, 31, 6, 2, 19, 11, 5), data.frame(x = 1:20))
write(toJSON(list(about = "Made by models.R", r = R.version.string, cases = cases), digits = I(17), auto_unbox = TRUE,
             null = "null"), file.path(here, "models.json"))
