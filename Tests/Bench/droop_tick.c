/* SPDX-License-Identifier: Apache-2.0
 *
 * What one control tick of a droop inverter costs in C: the peer of Blocks' DroopTick.
 * Clarke and Park of capacitor voltage, filter current and output current; P and Q through a
 * low-pass; P-f and Q-V droop; virtual impedance; cascaded voltage and current PI with clamps;
 * inverse Park; three duties. Forward Euler, double, sine and cosine by libm.
 *
 * Origin: written for this project as its yardstick, in the plainest C that does the work.
 * Prints ns a tick (CPU), the best of five rounds of a million; inputs change every tick.
 */
#include <math.h>
#include <stdio.h>
#include <time.h>

typedef struct {
    double P, Q, th, xvd, xvq, xid, xiq;
} S;

static inline double cl(double x, double m) { return x > m ? m : x < -m ? -m : x; }

__attribute__((noinline)) void tick(S *s, const double *v, const double *f, const double *g,
                                    double dt, double *duty) {
    double c = cos(s->th), n = sin(s->th);
#define PK(a)                                                                     \
    double a##A = (2 * a[0] - a[1] - a[2]) / 3,                                   \
           a##B = (a[1] - a[2]) * 0.57735026918962576, a##d = c * a##A + n * a##B, \
           a##q = -n * a##A + c * a##B;
    PK(v) PK(f) PK(g)
    double p = 1.5 * (vd * gd + vq * gq), q = 1.5 * (vq * gd - vd * gq), a = 100 * dt;
    s->P += a * (p - s->P);
    s->Q += a * (q - s->Q);
    double w = 314.159265358979 - 6.4e-5 * (s->P - 6000), E = 311 - 5e-4 * s->Q;
    s->th += w * dt;
    if (s->th > 6.283185307179586) s->th -= 6.283185307179586;
    double ed = E - (.05 * gd - w * 5e-4 * gq) - vd, eq = -(.05 * gq + w * 5e-4 * gd) - vq;
    double rd = .7 * gd - w * 20e-6 * vq + .0424 * ed + s->xvd;
    double rq = .7 * gq + w * 20e-6 * vd + .0424 * eq + s->xvq;
    double cd = cl(rd, 60), cq = cl(rq, 60);
    if (rd == cd) s->xvd += 45 * ed * dt;
    if (rq == cq) s->xvq += 45 * eq * dt;
    double xd = cd - fd, xq = cq - fq;
    double ud = vd - w * 3e-3 * fq + 24 * xd + s->xid, uq = vq + w * 3e-3 * fd + 24 * xq + s->xiq;
    double yd = cl(ud, 400), yq = cl(uq, 400);
    if (ud == yd) s->xid += 400 * xd * dt;
    if (uq == yq) s->xiq += 400 * xq * dt;
    double al = c * yd - n * yq, be = n * yd + c * yq;
    duty[0] = .5 + al / 800;
    duty[1] = .5 + (-.5 * al + .8660254037844386 * be) / 800;
    duty[2] = .5 + (-.5 * al - .8660254037844386 * be) / 800;
}

int main(void) {
    S s = {0};
    double v[3] = {300, -150, -150}, f[3] = {20, -10, -10}, g[3] = {18, -9, -9}, d[3] = {0};
    double best = 1e9, sum = 0;
    const long N = 1000000;
    for (int r = 0; r < 5; r++) {
        struct timespec A, B;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &A);
        for (long k = 0; k < N; k++) {
            tick(&s, v, f, g, 1e-4, d);
            v[0] = 600 * (d[0] - .5) * .9;
            v[1] = 600 * (d[1] - .5) * .9;
            v[2] = -v[0] - v[1];
            for (int j = 0; j < 3; j++) f[j] = g[j] = v[j] * .05;
            sum += d[0];
        }
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &B);
        double t = ((B.tv_sec - A.tv_sec) * 1e9 + (B.tv_nsec - A.tv_nsec)) / N;
        if (t < best) best = t;
    }
    printf("%.4g\n", best);
    fprintf(stderr, "%g\n", sum);
    return 0;
}
