/* SPDX-License-Identifier: Apache-2.0
 *
 * What a step of the reference case A costs in plain C: the peer of Plant's waveform fidelity.
 * N virtual synchronous inverters (swing, Q-V droop, cascaded voltage and current loops, a bridge
 * delay of first order, LC filter) over R-L lines on one R || L load; balanced, in a dq frame that
 * turns at nominal frequency; RK4 of fixed step.
 *
 * Origin: written for this project as its yardstick, in the plainest C that does the work; the
 * case is DPsim's SSN_GFM (see dpsim_case_a.py).
 * Arguments: N (2), seconds (4), step in us (50). Prints us a step (CPU); stderr: where it ended.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define NI 16 /* states of an inverter, its line's current included; s[9] is unused */
typedef struct {
    double D, Rl, Ll, Es;
} Inv;
static int N = 2;
static Inv iv[64];
static const double WN = 314.15926535897932, P0 = 6000, J = .02, Dq = 5e-4, wq = 31.4, wc = 100,
                    Lf = 3e-3, Cf = 20e-6, Rf = .05, Rc = .05, ff = .7, wd = 20e3 / 1.5;
static double kpv, kiv, kpi, kii, RL, LL;

static void f(const double *x, double *d) {
    double Ud = 0, Uq = 0;
    const double *xl = x + NI * N; /* the load's inductor, then two delay states an inverter */
    for (int k = 0; k < N; k++) {
        Ud += x[NI * k + 14];
        Uq += x[NI * k + 15];
    }
    Ud = RL * (Ud - xl[0]);
    Uq = RL * (Uq - xl[1]);
    double *dl = d + NI * N;
    dl[0] = Ud / LL + WN * xl[1];
    dl[1] = Uq / LL - WN * xl[0];
    for (int k = 0; k < N; k++) {
        const double *s = x + NI * k;
        double *e = d + NI * k;
        const Inv *I = iv + k;
        double P = s[0], Q = s[1], w = s[2], del = s[3], E = s[4], c = cos(del), sn = sin(del);
        double vD = s[10], vQ = s[11], fD = s[12], fQ = s[13], gD = s[14], gQ = s[15];
        double vd = c * vD + sn * vQ, vq = -sn * vD + c * vQ, id = c * fD + sn * fQ,
               iq = -sn * fD + c * fQ, gd = c * gD + sn * gQ, gq = -sn * gD + c * gQ;
        double p = 1.5 * (vd * gd + vq * gq), q = 1.5 * (vq * gd - vd * gq);
        e[0] = wc * (p - P);
        e[1] = wc * (q - Q);
        e[2] = ((P0 - P) / w - I->D * (w - WN)) / J;
        e[3] = w - WN;
        e[4] = wq * (I->Es - Dq * Q - E);
        double ed = E - vd, eq = -vq;
        double rd = ff * gd - w * Cf * vq + kpv * ed + kiv * s[5],
               rq = ff * gq + w * Cf * vd + kpv * eq + kiv * s[6];
        e[5] = ed;
        e[6] = eq;
        double cd = rd - id, cq = rq - iq;
        e[7] = cd;
        e[8] = cq;
        double ud = vd - w * Lf * iq + kpi * cd + kii * s[7],
               uq = vq + w * Lf * id + kpi * cq + kii * s[8];
        const double *xd = x + NI * N + 2 + 2 * k; /* in the inverter's own frame */
        double *xe = d + NI * N + 2 + 2 * k;
        xe[0] = wd * (ud - xd[0]);
        xe[1] = wd * (uq - xd[1]);
        e[9] = 0;
        double bD = c * xd[0] - sn * xd[1], bQ = sn * xd[0] + c * xd[1];
        e[10] = (fD - gD) / Cf + WN * vQ;
        e[11] = (fQ - gQ) / Cf - WN * vD;
        e[12] = (bD - vD - Rf * fD) / Lf + WN * fQ;
        e[13] = (bQ - vQ - Rf * fQ) / Lf - WN * fD;
        e[14] = (vD - (Rc + I->Rl) * gD - Ud) / I->Ll + WN * gQ;
        e[15] = (vQ - (Rc + I->Rl) * gQ - Uq) / I->Ll - WN * gD;
    }
}

int main(int a, char **v) {
    N = a > 1 ? atoi(v[1]) : 2;
    double T = a > 2 ? atof(v[2]) : 4, h = (a > 3 ? atof(v[3]) : 50) * 1e-6;
    kpv = 2 / sqrt(2) * 1500 * Cf;
    kiv = 1500. * 1500 * Cf;
    kpi = 8000 * Lf;
    kii = 8000 * Rf;
    RL = 3 * 220. * 220 / 15000 / (N / 2.);
    LL = 3 * 220. * 220 / 6000 / (N / 2.) / WN;
    for (int k = 0; k < N; k++) {
        iv[k].D = 100 * (1 + k % 2);
        iv[k].Rl = .1 * (1 + k % 2);
        iv[k].Ll = 2e-3 * (1 + .5 * (k % 2));
        iv[k].Es = k % 2 ? 311.76847923 : 311.76848515;
    }
    int n = NI * N + 2 + 2 * N;
    static double x[2048], k1[2048], k2[2048], k3[2048], k4[2048], t[2048];
    for (int k = 0; k < N; k++) {
        x[NI * k + 2] = WN;
        x[NI * k + 4] = iv[k].Es;
        x[NI * k + 10] = iv[k].Es;
        x[n - 2 * N + 2 * k] = iv[k].Es;
    }
    long S = lround(T / h);
    struct timespec A, B;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &A);
    for (long i = 0; i < S; i++) {
        f(x, k1);
        for (int j = 0; j < n; j++) t[j] = x[j] + .5 * h * k1[j];
        f(t, k2);
        for (int j = 0; j < n; j++) t[j] = x[j] + .5 * h * k2[j];
        f(t, k3);
        for (int j = 0; j < n; j++) t[j] = x[j] + h * k3[j];
        f(t, k4);
        for (int j = 0; j < n; j++) x[j] += h / 6 * (k1[j] + 2 * k2[j] + 2 * k3[j] + k4[j]);
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &B);
    double s = (B.tv_sec - A.tv_sec) + 1e-9 * (B.tv_nsec - A.tv_nsec);
    printf("%.4g\n", s / S * 1e6);
    for (int k = 0; k < N && k < 2; k++)
        fprintf(stderr, "%d P %.6f Q %.6f f %.12f E %.9f\n", k, x[NI * k], x[NI * k + 1],
                x[NI * k + 2] / 6.283185307179586, x[NI * k + 4]);
    return 0;
}
