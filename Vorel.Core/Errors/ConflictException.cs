namespace Vorel.Core.Errors;

/// <summary>The request clashes with what exists.</summary>
public sealed class ConflictException(string message) : ProblemException(ProblemCodes.Conflict, message);
