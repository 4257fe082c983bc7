namespace Vorel.Core.Audit;

/// <summary>The last row of a chain: what one process wrote of a tenant's month, one row bound to the next.</summary>
/// <param name="Chain">The chain: drawn by chance when a process begins one.</param>
/// <param name="Sequence">The row's number in it, from 1; 0 before the first.</param>
/// <param name="Last">The row's id.</param>
/// <param name="Mac">The row's MAC, 32 bytes.</param>
internal sealed record AuditHead(Guid Chain, long Sequence, Guid Last, byte[] Mac);
