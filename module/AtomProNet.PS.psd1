@{
    RootModule             = 'AtomProNet.PS.dll'
    # The build puts its own version here.
    ModuleVersion          = '0.0.0'
    GUID                   = 'ad35599c-e8d2-42f6-a24c-1467b0761d9d'
    Author                 = 'The AtomProNet.PS developers'
    CompanyName            = 'AtomProNet.PS'
    Copyright              = 'Copyright (c) The AtomProNet.PS developers. MIT licence.'
    Description            = 'Moves data to and from machine-learning interatomic potentials: crystal structures, distorted copies, DFT inputs, jobs, DFT outputs, training sets, and the errors of trained models, as objects in a pipeline.'

    # Windows PowerShell 5.1 has no .NET that the module could run on.
    CompatiblePSEditions   = @('Core')
    PowerShellVersion      = '7.4'

    # Nested modules are loaded first, in this order: the loader has to stand before PowerShell looks at the cmdlets, and before the
    # type data, which name types of the library.
    NestedModules          = @('AtomProNet.PS.Loader.dll', 'AtomProNet.PS.Types.psd1')
    # The build joins the views of the rooms, *.format.ps1xml, into one file.
    FormatsToProcess       = @('AtomProNet.PS.format.ps1xml')

    CmdletsToExport        = @(
        'Clear-MPCache',
        'Clear-OptimadeCache',
        'Connect-DftCluster',
        'Convert-TrainingSet',
        'Disconnect-DftCluster',
        'Export-Figure',
        'Export-MlipReport',
        'Export-Structure',
        'Export-TrainingSet',
        'Find-DuplicateFrame',
        'Get-DftCluster',
        'Get-DftJob',
        'Get-MPStructure',
        'Get-OptimadeStructure',
        'Import-DftResult',
        'Import-MDBenchmark',
        'Import-Outcar',
        'Import-QEOutput',
        'Import-Structure',
        'Import-TrainingSet',
        'Import-Vasprun',
        'Invoke-LammpsPrediction',
        'Measure-CohesiveEnergy',
        'Measure-DftConvergence',
        'Measure-ElasticConstant',
        'Measure-EquationOfState',
        'Measure-FormationEnergy',
        'Measure-MDBenchmark',
        'Measure-MlipError',
        'Measure-PotentialProperty',
        'Measure-TrainingSet',
        'New-ConvergenceSeries',
        'New-ImportJob',
        'New-IsolatedAtom',
        'New-LammpsInput',
        'New-LammpsPotential',
        'New-MDBenchmark',
        'New-MlipTrainingInput',
        'New-PointDefect',
        'New-QEConvergenceSeries',
        'New-QEInput',
        'New-RattleSeries',
        'New-StrainSeries',
        'New-Supercell',
        'New-SurfaceSlab',
        'New-VaspInput',
        'Receive-DftJob',
        'Register-DftCluster',
        'Remove-DftJob',
        'Restart-DftJob',
        'Select-TrainingFrame',
        'Split-TrainingSet',
        'Stop-DftJob',
        'Submit-DftJob',
        'Test-DftCluster',
        'Test-DftConvergence',
        'Test-TrainingSet',
        'Unregister-DftCluster',
        'Wait-DftJob'
    )
    FunctionsToExport      = @()
    AliasesToExport        = @()
    VariablesToExport      = @()

    PrivateData            = @{
        PSData = @{
            Tags         = @('materials', 'MLIP', 'DFT', 'VASP', 'QuantumEspresso', 'LAMMPS', 'MACE', 'NequIP', 'crystal', 'science', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri   = 'https://opensource.org/license/mit'
            # The build puts the project's address here (Hosting/HelpPages.cs).
            ProjectUri   = 'https://example.org/'
            # The build puts the section of its version in CHANGELOG.md here.
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
