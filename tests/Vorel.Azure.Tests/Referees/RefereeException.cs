namespace Vorel.Azure.Tests.Referees;

/// <summary>The referee's client was refused by the service, or refused the call itself (status 0).</summary>
public sealed class RefereeException(int status, string? code, string message) : Exception($"{status} {code}: {message}")
{
    public int Status => status;

    public string? Code => code;
}
