namespace Segno.Base; internal static class Placeholder { }
