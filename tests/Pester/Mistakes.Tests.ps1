#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What people type by mistake: it is refused with words that help, and never guessed at.

BeforeAll {
    Import-Module $env:ATOMPRONET_MODULE -ErrorAction Stop
    $script:environment = $env:MP_API_KEY, $env:PMG_VASP_PSP_DIR, $env:ATOMPRONET_HOME
    $env:MP_API_KEY = $env:PMG_VASP_PSP_DIR = $null
    $env:ATOMPRONET_HOME = Join-Path $TestDrive 'home'
    $script:samples = (Resolve-Path "$PSScriptRoot/../../samples").ProviderPath
    $script:al = Get-MPStructure Al -Source Bundled
    $script:frame = Import-Outcar "$samples/al-strain/strain_+0.0000"
    $script:model = Measure-MlipError "$samples/predictions.extxyz" "$samples/predictions.extxyz"
    Push-Location $TestDrive
}

AfterAll {
    Pop-Location
    $env:MP_API_KEY, $env:PMG_VASP_PSP_DIR, $env:ATOMPRONET_HOME = $environment
}

Describe 'A number in a table' {
    # The comma of -0,2 parted thousands, and the energy was -2; a variable that is empty was an energy of 0.
    It 'is no number as <Value>' -ForEach @(
        @{ Value = '-0,2' }, @{ Value = $null }, @{ Value = '' }, @{ Value = $true }, @{ Value = '1 000' }
    ) {
        { $frame | Measure-CohesiveEnergy -AtomEnergy @{ Al = $Value } -ErrorAction Stop } | Should -Throw -ErrorId 'EnergyNotANumber,*'
        { $frame | Measure-FormationEnergy $frame -ChemicalPotential @{ Al = $Value } -ErrorAction Stop } | Should -Throw -ErrorId 'EnergyNotANumber,*'
        { $al | New-VaspInput moments -Incar ISPIN=2 -MagneticMoment @{ Al = $Value } -WarningAction Ignore -ErrorAction Stop } | Should -Throw -ErrorId 'TableValueInvalid,*'
        'moments' | Should -Not -Exist
        $null = Import-Outcar "$samples/al-strain" | Export-TrainingSet split.extxyz -TrainFraction 0.7 -ValidationFraction 0.15 -SplitBy Blocked -Force
        { New-MlipTrainingInput split.extxyz Mace -Destination train -ReferenceEnergy @{ Al = $Value } -ErrorAction Stop } | Should -Throw -ErrorId 'TableValueInvalid,*'
        'train' | Should -Not -Exist
    }

    It 'is one as <Value>' -ForEach @(@{ Value = '-0.2' }, @{ Value = -0.2 }, @{ Value = [decimal] -0.2 }, @{ Value = '-2e-1' }) {
        ($frame | Measure-CohesiveEnergy -AtomEnergy @{ Al = $Value }).Energy | Should -BeLessThan ($frame.EnergyPerAtom + 0.2 + 1e-9)
        ($frame | Measure-CohesiveEnergy -AtomEnergy @{ Al = $Value }).Energy | Should -BeGreaterThan ($frame.EnergyPerAtom + 0.2 - 1e-9)
    }
}

Describe 'A number that is not whole' {
    # The shell rounds it: 2.5 to 2, 1.5 to 2 as well.
    It 'is not rounded by <Call>' -ForEach @(
        @{ Call = { $al | New-Supercell 2.5 } }
        @{ Call = { $al | New-Supercell '2.5', 1, 1 } }
        @{ Call = { $al | New-Supercell -Matrix (0.5, 0.5, 1), (0, 1, 0), (0, 0, 1) } }
        @{ Call = { $al | New-SurfaceSlab 1, 1, 0.5 } }
        @{ Call = { $al | New-SurfaceSlab 1, 1, 1 -Layers 3.5 } }
        @{ Call = { $al | New-PointDefect Al -Site 1.5 } }
        @{ Call = { $al | New-VaspInput mesh -KPointMesh 2.5, 2, 2 -WarningAction Ignore } }
    ) {
        { & $Call } | Should -Throw '*not rounded*' -ErrorId 'ParameterArgumentTransformationError,*'
        'mesh' | Should -Not -Exist
    }

    It 'is one of three in <Text>' -ForEach @(@{ Text = '2x1x3' }, @{ Text = '2 1 3' }, @{ Text = '2 X 1 x 3' }, @{ Text = "2$([char] 0xD7)1$([char] 0xD7)3" }) {
        ($al | New-Supercell $Text).Name | Should -Be 'supercell_2x1x3'
        $null = $al | New-VaspInput triple -KPointMesh $Text -Force -WarningAction Ignore
        (Get-Content (Get-ChildItem triple -Recurse -Filter KPOINTS).FullName)[3] -split ' +' -ne '' | Should -Be '2', '1', '3'
    }

    It 'may be negative in a plane' {
        ($al | New-SurfaceSlab '1 -1 0').Provenance.Parameters['miller'] | Should -Be ($al | New-SurfaceSlab 1, -1, 0).Provenance.Parameters['miller']
    }

    It 'is refused as <Text>' -ForEach @(
        @{ Text = '2x2'; Id = 'CannotConvertArgumentNoMessage' }
        @{ Text = '2x2x2x2'; Id = 'CannotConvertArgumentNoMessage' }
        @{ Text = '2x2.5x2'; Id = 'CannotConvertArgumentNoMessage' }
        @{ Text = '2,5'; Id = 'ParameterArgumentTransformationError' }
        @{ Text = '0x2x2'; Id = 'ParameterArgumentValidationError' }
    ) {
        { $al | New-Supercell $Text } | Should -Throw -ErrorId "$Id,*"
    }

    It 'is whole as 2.0' {
        ($al | New-Supercell 2.0, '1', ([decimal] 1)).AtomCount | Should -Be 8
    }
}

Describe 'A key as plain text' {
    It 'is refused with what to do, and is not repeated' {
        $failure = { Get-MPStructure Al -ApiKey 'k3y-of-somebody' } | Should -Throw '*Read-Host -AsSecureString*MP_API_KEY*' -ErrorId 'ParameterArgumentTransformationError,*' -PassThru
        "$failure $($failure.Exception) $($failure | Format-List -Force | Out-String)" | Should -Not -Match 'k3y'
        { Get-MPStructure Al -ApiKey 1234567890123456 } | Should -Throw '*Read-Host -AsSecureString*'
        { Connect-DftCluster nowhere -Passphrase 'my words' } | Should -Throw '*Read-Host -AsSecureString).*'
    }

    It 'is refused by every secret' {
        $loose = foreach ($command in Get-Command -Module AtomProNet.PS) {
            foreach ($parameter in $command.Parameters.Values) {
                if ($parameter.ParameterType -eq [securestring] -and -not $parameter.Attributes.Where({ $_.GetType().Name -eq 'SecretAttribute' })) { "$($command.Name) -$($parameter.Name)" }
            }
        }
        $loose | Should -BeNullOrEmpty
    }
}

Describe 'A text with a decimal comma' {
    # As Read-Host and tables give it where decimals have a comma: the shell takes 0,05 for 5.
    It 'is no number for <Call>' -ForEach @(
        @{ Call = { $al | New-RattleSeries -Count 1 -StandardDeviation '0,05' } }
        @{ Call = { $al | New-StrainSeries -Range '0,1' } }
        @{ Call = { $al | New-StrainSeries -Range '1,000.5' } }
        @{ Call = { $al | New-SurfaceSlab 1, 1, 1 -Vacuum '7,5' } }
        @{ Call = { $al | New-Supercell '2,5' } }
        @{ Call = { $al | New-Supercell '(2)' } }
    ) {
        { & $Call } | Should -Throw "*no*thing between thousands. Found: '*" -ErrorId 'ParameterArgumentTransformationError,*'
    }

    It 'is refused by every parameter of numbers' {
        $numbers = 'Byte', 'Int16', 'Int32', 'UInt32', 'Int64', 'UInt64', 'Single', 'Double', 'Decimal'
        $loose = foreach ($command in Get-Command -Module AtomProNet.PS) {
            foreach ($parameter in $command.Parameters.Values) {
                if ($parameter.Name -in [Management.Automation.Cmdlet]::CommonParameters) { continue }
                $type = $parameter.ParameterType
                while ($type.IsArray) { $type = $type.GetElementType() }
                $type = [Nullable]::GetUnderlyingType($type) ?? $type
                if ($type.IsEnum -or $type.Name -notin $numbers) { continue }
                $attribute = $parameter.Attributes.Where({ $_.GetType().Name -eq 'NumbersAttribute' })
                if (-not $attribute -or ($type.Name -notin 'Single', 'Double', 'Decimal' -and -not ($attribute.AreWhole -or $attribute.AreTriple))) { "$($command.Name) -$($parameter.Name)" }
            }
        }
        $loose | Should -BeNullOrEmpty
    }
}

Describe 'A list that is $null' {
    It 'is refused by name' {
        # A variable that was never set; what reads it fell over, or did something else.
        $module = Get-Command -Module AtomProNet.PS
        $loose = foreach ($command in $module) {
            foreach ($parameter in $command.Parameters.Values) {
                $mandatory = $parameter.Attributes.Where({ $_ -is [Parameter] -and $_.Mandatory })
                # An object of the pipeline may have such a property, and nothing in it; -Incar passes it over.
                $byProperty = $parameter.Attributes.Where({ $_ -is [Parameter] -and $_.ValueFromPipelineByPropertyName }) -and $parameter.Name -ne 'Id'
                $checked = $parameter.Attributes.Where({ $_ -is [Management.Automation.ValidateArgumentsAttribute] })
                if ($parameter.ParameterType.IsArray -and -not ($mandatory -or $byProperty -or $checked) -and $parameter.Name -ne 'Incar') { "$($command.Name) -$($parameter.Name)" }
            }
        }

        $loose | Should -BeNullOrEmpty
    }

    It 'is refused in words by <Line>' -ForEach @(
        @{ Line = '$null | Get-DftJob' }, @{ Line = 'Wait-DftJob $null' }, @{ Line = 'Receive-DftJob $null' }
        @{ Line = 'Get-MPStructure -Element $null -Source Bundled' }, @{ Line = '$al | New-PointDefect Al -Site $null' }
        @{ Line = '$al | New-VaspInput v -Module $null -WarningAction Ignore' }
    ) {
        try { & ([scriptblock]::Create("$Line -ErrorAction Stop")); $caught = $null } catch { $caught = $_ }
        $caught.FullyQualifiedErrorId | Should -BeLike 'ParameterArgumentValidationError*'
    }
}

Describe 'The name of an output' {
    It 'makes no page that is called <Name>' -ForEach @(@{ Name = 'report.pdf' }, @{ Name = 'report' }, @{ Name = 'report.png' }) {
        { $model | Export-MlipReport $Name -ErrorAction Stop } | Should -Throw -ErrorId 'ReportNotHtml,*'
        { $frame | Measure-TrainingSet -Report $Name -ErrorAction Stop } | Should -Throw -ErrorId 'ReportNotHtml,*'
        $Name | Should -Not -Exist
    }

    It 'makes no folder that is called like a picture' {
        $curve = Import-Outcar "$samples/al-strain" | Measure-EquationOfState
        { $curve | Export-Figure curve.png -ErrorAction Stop } | Should -Throw -ErrorId 'FigureFolderIsFile,*'
        { Test-DftConvergence "$samples/al-strain" -Plot verdict.svg -ErrorAction Stop } | Should -Throw -ErrorId 'FigureFolderIsFile,*'
        'curve.png', 'verdict.svg' | Should -Not -Exist
    }

    It 'is refused where a file stands in the way' {
        Set-Content taken 'a file'
        { $al | New-VaspInput taken -WarningAction Ignore -ErrorAction Stop } | Should -Throw '*choose another*' -ErrorId 'FileInTheWay,*'
        { $al | New-VaspInput taken/deeper -WarningAction Ignore -ErrorAction Stop } | Should -Throw -ErrorId 'FileInTheWay,*'
        { $al | Export-Structure taken/al.cif -ErrorAction Stop } | Should -Throw -ErrorId 'FileInTheWay,*'
        { $frame | Export-TrainingSet taken/set.extxyz -ErrorAction Stop } | Should -Throw -ErrorId 'FileInTheWay,*'
        { Import-Outcar "$samples/al-strain" | Measure-EquationOfState | Export-Figure taken -ErrorAction Stop } | Should -Throw -ErrorId 'FileInTheWay,*'
    }
}

Describe 'A folder without what is looked for' {
    It 'says to <Cmdlet> which names are looked for' -ForEach @(
        @{ Cmdlet = 'Import-DftResult'; Names = 'VASP: OUTCAR, vasprun.xml' }, @{ Cmdlet = 'Import-Outcar'; Names = 'OUTCAR' }, @{ Cmdlet = 'Import-Vasprun'; Names = 'vasprun.xml' }
        @{ Cmdlet = 'Import-QEOutput'; Names = 'the standard output of pw.x as ' }, @{ Cmdlet = 'Import-Structure'; Names = '*POSCAR`*' }, @{ Cmdlet = 'Import-MDBenchmark'; Names = 'log.lammps' }
    ) {
        $null = New-Item nothing -ItemType Directory -Force
        $null = & $Cmdlet nothing -ErrorAction SilentlyContinue -ErrorVariable problem
        "$problem" | Should -BeLike "*($Names*" -Because $Cmdlet
    }
}

Describe 'What heads a column' {
    It 'is a property of a structure and of a frame' {
        $al.Formula | Should -Be 'Al'
        $al.Atoms | Should -Be 4
        $frames = Import-Outcar "$samples/al-strain"
        ($frames | Group-Object Formula).Name | Should -Be 'Al'
        ($frames | Group-Object Atoms).Name | Should -Be '4'
        @($frames | Where-Object Converged) | Should -HaveCount 21
        # A set says nothing about convergence, and what is not known is not converged.
        @(Import-TrainingSet "$samples/predictions.extxyz" | Where-Object Converged) | Should -HaveCount 0
    }
}

Describe 'Format-List' {
    It 'shows <What> without the insides of objects' -ForEach @(
        @{ What = 'an error of a model'; Make = { $model } }, @{ What = 'a verdict'; Make = { Test-DftConvergence "$samples/al-strain/strain_+0.0000" } }
    ) {
        & $Make | Format-List | Out-String -Width 80 | Should -Not -Match 'System\.|\{ \w+ = '
    }
}
